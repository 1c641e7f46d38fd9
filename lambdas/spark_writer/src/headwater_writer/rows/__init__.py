"""A message becomes a row: pure, without Spark or AWS.

``rows`` puts it together. Of the message itself: ``message``, ``context``, ``page``, ``locale``; of
its client: ``channel``, ``user_agent``, ``device``, ``address``; of what may be kept:
``ip_policy``, ``redaction``; of the tracking plan: ``promotion``, ``values``; of what nothing
reads: ``unread``.
"""
