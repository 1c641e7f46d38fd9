"""An offer as a text that a queue carries: JSON, compressed, in base64."""

import base64
import gzip
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from headwater_writer.staged.offer import Offer, OfferError

MAX_CHARACTERS: Final = 256 * 1024
"""As many as a message of SQS holds at least; it was the most until August 2025 ("Amazon SQS
message quotas"). A data file of an offer takes some 1,500, and there is one for each day of a
batch."""

MAX_AGE: Final = timedelta(hours=1)
"""How old an offer may be. Until it lands its files are orphans, which maintenance deletes after
three days; a queue may be set to keep it for a fortnight."""

MAX_BYTES: Final = 8 * 1024**2
"""The most that an offer takes before it is compressed, several times what the longest does: a
message of 1,000 times its own size is not one of ours."""

_FASTEST: Final = 1
_GZIP: Final = zlib.MAX_WBITS | 16


def encoded(offer: Offer) -> str:
    """Return an offer as a message.

    Raises:
        OfferError: it is too long for one.
    """
    plain = msgspec.json.encode(offer)
    text = base64.b64encode(gzip.compress(plain, _FASTEST)).decode()
    if len(text) > MAX_CHARACTERS or len(plain) > MAX_BYTES:
        raise OfferError(
            f"an offer on {offer.table} is too long for the queue: "
            f"{len(plain)} bytes, {len(text)} characters compressed"
        )
    return text


def received(record: Mapping[str, Any], now: datetime) -> Offer:
    """Return the offer of a record of an invocation by SQS, at a time (aware UTC).

    Raises:
        OfferError: it is not one that this version writes, or is too old.
    """
    sent_at = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
    if now - sent_at > MAX_AGE:
        raise OfferError(f"an offer of {sent_at.isoformat()} is too old")
    return decoded(record["body"])


def decoded(text: str) -> Offer:
    """Return the offer of a message.

    Raises:
        OfferError: it is not one that this version writes.
    """
    try:
        plain = _inflated(base64.b64decode(text, validate=True))
        return msgspec.json.decode(plain, type=Offer)
    except (ValueError, zlib.error, msgspec.MsgspecError) as error:
        raise OfferError(f"a message is not an offer of this version: {error}") from error


def _inflated(compressed: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=_GZIP)
    plain = inflater.decompress(compressed, MAX_BYTES + 1)
    if not inflater.eof or len(plain) > MAX_BYTES:
        raise ValueError(f"it is cut short, or has more than {MAX_BYTES} bytes")
    return plain
