"""Visitors of a shop that does not exist: a seed goes in, Segment messages come out. Pure.

``seasons`` says how many people come on a day, ``sources`` from where, ``population`` what they are
like, ``visitors`` who each is and when they visit, ``visit`` what they do then in the ``shop``, and
``recorder`` how the browser says it. ``requests`` puts it in order, ``archive`` writes it down.
"""
