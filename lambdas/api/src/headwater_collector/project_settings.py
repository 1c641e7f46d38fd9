"""What Segment's browser client asks for before it sends anything.

It learns where to send events from here; without an address it would send them to Segment.
"""

from typing import Any

from headwater_collector.request import Request

_MAX_HOST_CHARACTERS = 253 + len(":65535")  # A domain name's (RFC 1035), and a port.


def project_settings(request: Request, write_key: str, path_prefix: str) -> dict[str, Any]:
    """Return the settings of a source that sends its events to where it asked for them."""
    host = request.headers.get("host", "")[:_MAX_HOST_CHARACTERS]
    is_plain = request.headers.get("x-forwarded-proto") == "http"
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": write_key,
                "apiHost": f"{host}{request.stage_path}{path_prefix}/v1",
                "protocol": "http" if is_plain else "https",
            }
        },
        "plan": {},
    }
