"""The sinks: each keeps another copy of the stream's events, for uses that SQL does not suit.

A sink is a function with an event source mapping of its own. It reads the stream
independently of the writer, is never in the path of a request, and may fail for hours without
affecting the lake.

- ``settings``: the settings of every sink.
- ``batch``: an invocation, in runs of records that are stored one after the other.
- ``events``: the events of a run.
- ``history``: events by page and time, in DynamoDB, and the route that reads them.
- ``counts``: events by type, app and minute, in PostgreSQL.
- ``archive``: events as lines of JSON, in S3.
"""
