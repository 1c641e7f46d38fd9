"""``headwater tail``: messages as they come, accepted or refused.

``seen`` is what is told of a message, ``wanted`` which of them. The stream has both kinds, and
``stream`` follows it; what was accepted and could not become a row is in the files of failed
records, which ``failures`` follows. ``following`` asks the two in turn and says what it waits for.
"""
