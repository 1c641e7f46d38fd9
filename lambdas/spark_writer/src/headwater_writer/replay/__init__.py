"""Puts failures through again: failed records that are chosen, and batches that were given up.

``again`` does what a ``request`` asks. ``failed_rows`` finds records by a ``filter``, ``judge``
says whether each can be a row now, ``replay`` writes it; ``given_up`` takes a batch from its
``destination``. The ``outcome`` is what is answered.
"""
