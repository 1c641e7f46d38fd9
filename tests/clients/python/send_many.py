"""Send COUNT events to the API at HOST with Segment's own Python client, unmodified.

Usage: python send_many.py HOST COUNT
"""

import sys

from segment.analytics import Client


def refuse(error: Exception, _batch: object) -> None:
    raise error


host, count = sys.argv[1:]
client = Client("segment-python", host=host, gzip=True, on_error=refuse)
for number in range(int(count)):
    client.track(f"user-{number % 10}", "sent_by_python", {"number": number})
client.shutdown()
