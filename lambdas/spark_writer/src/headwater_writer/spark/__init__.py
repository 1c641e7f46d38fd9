"""Spark, and the Java under it: started quickly, with pinned jars, and reached from Python.

``session`` starts both, with the settings of ``options``; ``launch`` and ``jvm`` start Java, with
what ``jars`` fetched and ``app_cds`` archived. ``java`` is the way into it.
"""
