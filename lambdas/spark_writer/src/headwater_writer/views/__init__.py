"""The views beside the tables, as Athena and Trino find them in Glue's catalog.

``view`` is pure and says what a view is there; ``catalog`` makes it so.
"""
