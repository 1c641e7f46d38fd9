"""A message becomes a row: pure, without Spark or AWS.

``rows`` puts it together. Of the message itself: ``message``, ``context``, ``page``, ``channel``;
of its client: ``clock``, ``user_agent``, ``crawlers``; of what may be kept: ``ip_policy``,
``redaction``; of the tracking plan: ``promotion``, ``values``.
"""
