"""What of a batch is still to be committed, and the commit: exactly once, whatever fails.

``publisher`` takes a batch through the tables, ``settle`` commits the rows of one table in as many
tries as it takes. They know tables only through the port in ``table``, so that the same lines run
against Iceberg (``headwater_writer.lake.lake``) and against the model of it in ``memory_table``.

What a table says of itself: ``ledger`` and ``shard``. What a commit changes, and which others it
must not come after: ``fence``. Rows that come again or late: ``repeats``, ``lookup``. Tables that
were taken back: ``rewound``, ``rollback``.
"""
