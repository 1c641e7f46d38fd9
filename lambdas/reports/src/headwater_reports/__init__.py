"""The reports: pages that ask the questions of the query pack, and what answers them.

A laptop's site and a function behind an API answer by the same routes; they differ in who may ask
and in the engine.

- ``arguments``, ``questions``: what can be asked, and the check of what is.
- ``routes``: a path and its query become a reply.
- ``results``: rows as JSON and as CSV.
- ``engine``, ``athena``: statements on an engine that takes its time, and on Athena.
- ``answering``: questions as such statements.
- ``rights``: which apps somebody may ask about.
- ``http_api``, ``function``: requests as API Gateway has them, and what Lambda calls.
"""
