"""YAML that deployers write: the tracking plan, and what the poller polls.

- ``source``: a document's text, from a file or S3.
- ``document``: the text as mappings of texts, each with its line, and what is wrong with it.
"""
