"""Make every call with a Python client, unmodified: Segment's own or RudderStack's.

Usage: python send.py segment|rudderstack HOST WRITE_KEY
"""

import sys

import rudderstack.analytics.client
import segment.analytics.client

CLIENTS = {
    "segment": segment.analytics.client.Client,
    "rudderstack": rudderstack.analytics.client.Client,
}


def refuse(error: Exception, _batch: object) -> None:
    raise error


vendor, host, write_key = sys.argv[1:]
client = CLIENTS[vendor](write_key, host=host, gzip=True, on_error=refuse)
client.identify("ada", {"plan": "free"}, anonymous_id="device-1")
client.track("ada", "Order Paid", {"total": 42.5, "currency": "EUR"}, anonymous_id="device-1")
client.page("ada", None, "Docs", {"path": "/docs"}, anonymous_id="device-1")
client.screen("ada", None, "Main", {"tab": 1}, anonymous_id="device-1")
client.group("ada", "acme", {"size": 3}, anonymous_id="device-1")
client.alias("device-1", "ada")
client.shutdown()
