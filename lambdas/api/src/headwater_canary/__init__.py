"""The canary: events of its own through the public address, looked for in the table.

It is in the collector's zip, since it asks for no library that this lacks. ``canary`` decides, and
knows neither HTTP nor AWS: ``sending`` posts the events as any client would, ``athena`` looks for
their rows, and ``telemetry`` reports. ``function`` is what Lambda calls.
"""
