"""Messages in the address of an image: from mail, ``noscript`` and scripts that can only GET.

The protocol is Segment's ("Pixel Tracking API"): ``data`` in the query is a message, as JSON in
base64. What comes back is an image whatever became of it, since a mail can show nothing else.
"""

import base64
import binascii
from dataclasses import replace
from typing import Final

from headwater_collector.errors import DamagedBodyError
from headwater_collector.request import Request
from headwater_collector.responses import Response

_GIF: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""One pixel that cannot be seen."""

_URL_SAFE: Final = str.maketrans("-_ ", "+/+")
"""The other alphabet (RFC 4648, section 5); in a query, a plus that is not escaped is a blank."""


def message_of(request: Request) -> bytes:
    """Return the message in a request's query, as JSON text; plain JSON is taken as well.

    Raises:
        DamagedBodyError: it is not the base64 that it should be.
    """
    data = request.query.get("data", "").strip()
    if data.startswith("{"):
        return data.encode()
    unpadded = data.translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise DamagedBodyError(
            "data is not valid base64: send a message's JSON in base64", data.encode()
        ) from error


def drawn(response: Response) -> Response:
    """Return a response with the image for a body; its status still says what became of it."""
    return replace(response, body=_GIF, headers={**response.headers, "content-type": "image/gif"})
