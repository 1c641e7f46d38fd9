"""What could not become rows: kept as files, told to the operator, replayed after a fix.

``reporting`` wraps the table of failed records, so that each commit to it leaves ``lines`` in S3
and a ``notice`` with the operator. ``replay`` takes the table's rows up again, ``given_up`` the
batches that the mapping put aside.
"""
