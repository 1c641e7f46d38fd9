"""The raw archive: the transformation that Firehose invokes on its way from the stream to S3.

``firehose`` reads what it is given, ``lines`` makes a line of each message, ``answer`` counts what
the answer may still take, ``objects`` is where the rest is written.
"""
