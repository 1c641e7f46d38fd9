"""Replays failures: failed records that are chosen, and batches that the mapping gave up on.

``run`` does what a ``request`` asks, piece by piece. ``failed_rows`` finds records by a ``filter``,
``revalidate`` tells whether each can be a row now, ``replay`` writes it; ``given_up`` reprocesses a
batch from its ``destination``. The ``outcome`` is what is answered.
"""
