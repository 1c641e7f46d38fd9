"""What could not become rows: kept as files, told to the operator.

``reporting`` wraps the table of failed records, so that each commit to it leaves ``lines`` in S3
and a ``notice`` with the operator.
"""
