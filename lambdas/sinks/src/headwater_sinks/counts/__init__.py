"""Events counted by type, app and minute in PostgreSQL, each exactly once.

- ``tally``: from events to counts. Pure.
- ``settings``: where the database is; ``credentials``: its login, from Secrets Manager;
  ``connection``: a connection that outlives its own failures; ``migrations``: the tables.
- ``counting``: a run of the stream's records in one transaction; ``function``: what Lambda calls.
"""
