"""The collector: turns HTTP requests into records on the stream.

The route of a request, file by file:

- ``lambda_function``: the entry that AWS calls.
- ``collector``: the whole route as one sentence.
- ``request``, ``content``, ``routes``: what was asked for, and its body in plain bytes.
- ``unwrap``, ``salvage``, ``message``, ``verdict``, ``manymetrics``: messages, accepted or refused.
- ``keys``, ``capture``, ``partition``: what goes with them.
- ``delivery``, ``stream``, ``kinesis``: onto the stream, each record confirmed.
- ``answers``, ``cors``, ``project_settings``, ``errors``: what the client hears.
- ``settings``, ``telemetry``: what the deployer says and sees.
"""
