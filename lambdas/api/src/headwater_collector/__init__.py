"""The collector: turns HTTP requests into records on the stream.

The route of a request, file by file:

- ``lambda_function``: the entry that AWS calls.
- ``collector``: the whole route as one sentence.
- ``request``, ``content``, ``pixel``, ``routes``: what was asked for, and what was sent, in plain
  bytes.
- ``parse``, ``salvage``: the messages in it.
- ``validation``, ``manymetrics``: each accepted or refused.
- ``write_keys``, ``captured_headers``, ``partition``: what goes with them.
- ``delivery``, ``stream``, ``kinesis``: onto the stream, each record confirmed.
- ``responses``, ``cors``, ``project_settings``, ``errors``: what the client hears.
- ``settings``, ``telemetry``: what the deployer says and sees.
"""
