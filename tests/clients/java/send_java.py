"""Make every call with Segment's own Java client, unmodified.

Usage: python send_java.py HOST WRITE_KEY JARS
"""

import sys
from pathlib import Path
from typing import Any

from clients.java.jvm import client_classes

host, write_key, jars = sys.argv[1:]


def of_ada(builder: Any) -> Any:  # noqa: ANN401 -- an object of Java
    return builder.userId("ada").anonymousId("device-1")


with client_classes(Path(jars)) as segment:
    messages = segment.messages
    client = segment.Analytics.builder(write_key).endpoint(host).build()
    for message in (
        of_ada(messages.IdentifyMessage.builder()).traits({"plan": "free"}),
        of_ada(messages.TrackMessage.builder("Order Paid")).properties(
            {"total": 42.5, "currency": "EUR"}
        ),
        of_ada(messages.PageMessage.builder("Docs")).properties({"path": "/docs"}),
        of_ada(messages.ScreenMessage.builder("Main")).properties({"tab": 1}),
        of_ada(messages.GroupMessage.builder("acme")).traits({"size": 3}),
        messages.AliasMessage.builder("device-1").userId("ada"),
    ):
        client.enqueue(message)
    client.flush()
