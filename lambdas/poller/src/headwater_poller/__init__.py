"""The poller: turns the records of a JSON API into records on the stream.

The route of a record, file by file:

- ``config``, ``parse``: which API, as a deployer declares it in YAML.
- ``state``, ``stores``: how far it has been polled.
- ``windows``: which span of time is asked for next, and how far a walk over it got.
- ``requests``, ``authorization``, ``headers``, ``client``, ``answers``: from a request to an
  answer's JSON.
- ``paging``: from a page to the next.
- ``times``, ``mapping``: a record becomes a message of the contract, or is refused.
- ``sending``: onto the stream, with the collector's own code.
- ``poll``: the whole route, once; ``loop``: again and again.
- ``telemetry``, ``settings``, ``errors``, ``__main__``: what the deployer sets and sees.
"""
