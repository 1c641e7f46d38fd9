"""Make every call with Segment's own Kotlin client, unmodified, which speaks nothing but TLS.

Usage: python send_kotlin.py HOST WRITE_KEY JARS TRUST_STORE
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from clients.java.jvm import client_classes

url, write_key, jars, trust_store = sys.argv[1:]
host = f"{urlsplit(url).netloc}/v1/"

with client_classes(Path(jars), f"-Djavax.net.ssl.trustStore={trust_store}") as segment:
    compat = segment.kotlin.core.compat
    settings = compat.ConfigurationBuilder(write_key).setApiHost(host).setCdnHost(host)
    # Any object will do for the application; what is sent has nothing of it.
    settings = settings.setApplication("headwater").setFlushAt(5)
    client = compat.JavaAnalytics(settings.build())
    client.identify("ada", {"plan": "free"})
    client.track("Order Paid", {"total": 42.5, "currency": "EUR"})
    client.screen("Main", {"tab": 1}, "")
    client.group("acme", {"size": 3})
    client.alias("ada")
