"""Which rows of a batch are still to be committed, and the commit: exactly once, whatever fails.

``publisher`` takes a batch through the tables, ``settle`` commits the rows of one table, with
retries. They know tables only through the port in ``table``, so that the same lines run
against Iceberg (``headwater_writer.lake.lake``) and against the model of it in ``memory_table``.

The properties of a table: ``ledger`` and ``shard``. What a commit changes, and which others it
conflicts with: ``fence``. Rows that come repeatedly or late: ``repeats``, ``lookup``, ``presence``.
Tables that were rolled back: ``rewound``, ``rollback``.
"""
