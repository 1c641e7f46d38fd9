"""Past one Lambda: the writer's work on a Spark cluster, in rounds of one commit for all shards.

``job`` is what ``spark-submit`` starts, ``rounds`` a round from the ledgers to the commit. ``plan``
says which records no ledger covers, ``reading`` and ``shaping`` are what a task does with a shard,
``engine`` is how Spark spreads the tasks and writes files, ``kinesis`` how they read.

``backfill_job`` is the other one: an archive into the tables. ``backfill`` takes stretches of
files, ``archive`` is what a task does with one, ``archive_engine`` how Spark looks up and writes.

The ledgers in the tables are the only state: there is no checkpoint that could disagree with them.
"""
