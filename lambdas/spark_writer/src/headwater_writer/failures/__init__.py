"""What could not become rows: kept as files, and reported to the deployer.

``reporting`` wraps the table of failed records, so that each commit to it leaves ``lines`` in S3
and adds to the next ``alert``.
"""
