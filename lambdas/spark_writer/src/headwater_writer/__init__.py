"""The writer: stream records in, Iceberg rows out, exactly once.

In the order of a batch's route:

- ``functions``: what Lambda calls; ``settings``: what the deployer sets; ``process``: what it
starts with.
- ``handler``: an invocation, chunk by chunk.
- ``writer``: a chunk, from its records to the commit of each table.
- ``chunks``: records in chunks that fit in memory.
- ``rows``: a message becomes a row, as the ``tracking_plan`` says.
- ``publish``: which rows of a batch are still to be committed, and the commit.
- ``lake``: the tables, in Iceberg through Spark.
- ``spark``: the session, and the Java under it; ``rehearsal`` and ``training`` warm it up.

Beside the route: ``failures`` reports what could not become rows, ``replay`` reprocesses it, and
``maintenance`` keeps the tables fast.
"""
