"""What clients for browsers and devices ask for before they send anything.

Segment's learn from it where to send events; without an address they would send them to Segment.
"""

from typing import Any, Final

from headwater_collector.request import Request

SOURCE_CONFIG: Final = {"source": {"id": "headwater", "config": {}, "destinations": []}}
"""What RudderStack's browser client asks for: as little of it as its ``validate.ts`` insists on."""

_MAX_HOST_CHARACTERS = 253 + len(":65535")  # A domain name's (RFC 1035), and a port.


def project_settings(request: Request, write_key: str, path_prefix: str) -> dict[str, Any]:
    """Return the settings of a source that sends its events to where it asked for them.

    It reports nothing about itself: by default, Segment's clients tell Segment how often they are
    called and what fails in them (``metrics`` in analytics-next's ``browser/settings.ts``).
    """
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
        "metrics": {"sampleRate": 0},
    }
