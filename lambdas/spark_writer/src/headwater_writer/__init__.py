"""The writer: stream records in, Iceberg rows out, exactly once.

In the order of a batch's route:

- ``lambda_function``, ``handler``: what AWS calls.
- ``chunks``: its records in runs that fit in memory.
- ``decode``: the invocation's records become messages, each with its position on the stream.
- ``rows`` (with ``message``, ``clock``, ``page``, ``client``): a message becomes a row.
- ``arrow``: rows become columns.
- ``publish`` (with ``ledger``): what of a batch is still to be committed, and the commit.
- ``lake`` (with ``ddl``, ``session``, ``jvm``, ``jars``): Iceberg, through Spark.
"""
