"""``headwater doctor``: what ails a stack, seen from outside, in the order of an event's route.

``stack`` names what is looked at, here or in an AWS account. ``collector``, ``stream``,
``consumer`` and ``tables`` each examine one station and yield findings; ``consumer`` has
``cluster`` and ``committer`` do so if the stack has one. ``mapping`` and ``metrics`` ask Lambda and
CloudWatch; ``aws`` turns what AWS refuses into a finding; ``examination`` asks them in turn.
Nothing is sent, unless ``probe`` is asked for a row.
"""
