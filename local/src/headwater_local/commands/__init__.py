"""What a user types: ``headwater up``, ``query``, ``send`` and the others."""
