"""Events by page and time in a DynamoDB table, and the route that reads them.

- ``keys``: where an event is in the table; ``item``: what the table holds of it.
- ``table``: writing and querying it; ``writing``: what of the stream goes there; ``function``: what
  Lambda calls for a batch.
- ``query``: what ``GET /v1/history`` may ask; ``cursor``: where a page of answers ends;
  ``reading``: a page of answers; ``access``: who may ask; ``answering``: a request and its
  response; ``route``: what Lambda calls for one.
"""
