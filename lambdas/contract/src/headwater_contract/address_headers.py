"""Request headers that tell where a visitor is."""

from typing import Final

ADDRESS_HEADERS: Final = frozenset(
    {
        "cf-connecting-ip",
        "cf-connecting-ipv6",
        "cf-pseudo-ipv4",
        "client-ip",
        "cloudfront-viewer-address",
        "do-connecting-ip",
        "fastly-client-ip",
        "fly-client-ip",
        "forwarded",
        "forwarded-for",
        "true-client-ip",
        "x-appengine-user-ip",
        "x-azure-clientip",
        "x-azure-socketip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-envoy-external-address",
        "x-forwarded",
        "x-forwarded-for",
        "x-original-forwarded-for",
        "x-real-ip",
        "x-remote-addr",
        "x-remote-ip",
        "ali-cdn-real-ip",
        "cdn-src-ip",
        "incap-client-ip",
        "proxy-client-ip",
        "remote-addr",
        "wl-proxy-client-ip",
        "x-arr-clientip",
        "x-nf-client-connection-ip",
        "x-original-for",
        "x-originating-ip",
        "x-proxyuser-ip",
        "x-sucuri-clientip",
        "x-vercel-forwarded-for",
    }
)
"""Request headers by which proxies pass on a client's address, in lower case."""
