"""Iceberg tables, through Spark: the port of ``publish`` as it is on AWS and on a laptop.

``lake`` creates the tables, ``table`` reads and commits to one; ``ddl`` and ``properties`` say how
a table is made and kept, ``arrow`` makes rows columns, ``search`` asks what is there.
"""
