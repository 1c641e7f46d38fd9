"""A message becomes a row: pure, without Spark or AWS.

``rows`` puts it together. Of the message itself: ``message``, ``context``, ``page``; of its client:
``clock``, ``user_agent``; of what may be kept: ``redaction``; of the tracking plan: ``promotion``,
``values``.
"""
