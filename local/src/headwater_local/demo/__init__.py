"""Visitors of a shop that does not exist: a seed goes in, Segment messages come out. Pure.

``seasons`` says how many people come on a day and ``sources`` from where, ``visitors`` what one of
them is like and when they visit, ``visit`` what they do then, ``requests`` puts it in order, and
``archive`` writes it down.
"""
