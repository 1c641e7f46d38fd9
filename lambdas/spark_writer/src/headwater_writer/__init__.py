"""The writer: stream records in, Iceberg rows out, exactly once.

In the order of a batch's route:

- ``lambda_function``, ``handler``: what AWS calls; ``settings``, ``lifeline``: what it is told, and
  when it ends.
- ``chunks``: an invocation's records in runs that fit in memory.
- ``writer``: a run, from its records to the commit of each table.
- ``decode``: records become messages, each with its position on the stream.
- ``rows`` (with ``message``, ``clock``, ``page``, ``user_agent``, ``crawlers``, ``channel``,
  ``ip_policy`` and ``tracking_plan``): a message becomes a row.
- ``publish`` (with ``ledger``, ``repeats``, ``late``): what of a batch is still to be committed,
  and the commit; ``memory_table`` is its port in memory.
- ``lake`` (with ``ddl``, ``arrow``, ``search``, ``java``): Iceberg, through Spark.
- ``session`` (with ``launch``, ``jvm``, ``jars``, ``class_archive``, ``spark_options``): Spark, and
  the Java under it; ``rehearsal`` and ``training`` have it warm.

Beside the route, each with functions and commands of its own: ``failures``, what could not become
rows; ``maintenance``, what keeps the tables quick.
"""
