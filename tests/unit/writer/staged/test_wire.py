"""Offers survive the way through a queue, and nothing else is taken for one."""

import base64
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest

from headwater_writer.staged import wire
from headwater_writer.staged.offer import Offer, OfferError

OFFER = Offer(
    id="0123456789abcdef",
    table="events",
    identity="uuid",
    since=2**62,
    sequence_number=7,
    files=['{"file-path": "s3://lake/f.parquet"}'],
    summary={"headwater.ledger.writer/clicks/0": "1-2"},
    properties={"headwater.ledger.writer/clicks/0": "1-2"},
)


@pytest.mark.parametrize("offer", [OFFER, replace(OFFER, since=None, files=None)])
def test_an_offer_comes_as_it_was(offer: Offer) -> None:
    assert wire.decoded(wire.encoded(offer)) == offer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "poison",
        base64.b64encode(b"poison").decode(),
        base64.b64encode(gzip.compress(b"{}")).decode(),
        base64.b64encode(gzip.compress(b" " * wire.MAX_BYTES + b"{}")).decode(),
        wire.encoded(OFFER)[:-8],
        "\N{GRINNING FACE}",
    ],
    ids=["empty", "not base64", "not gzip", "no offer", "a bomb", "cut short", "not ASCII"],
)
def test_what_is_not_an_offer_says_so(text: str) -> None:
    with pytest.raises(OfferError, match="not an offer of this version"):
        wire.decoded(text)


def test_an_offer_that_is_too_old_is_passed_over() -> None:
    sent = {"attributes": {"SentTimestamp": "1769866625000"}, "body": wire.encoded(OFFER)}
    sent_at = datetime(2026, 1, 31, 13, 37, 5, tzinfo=UTC)

    assert wire.received(sent, sent_at + wire.MAX_AGE) == OFFER
    with pytest.raises(OfferError, match="too old"):
        wire.received(sent, sent_at + wire.MAX_AGE + timedelta(seconds=1))


def test_an_offer_that_no_message_holds_is_not_sent() -> None:
    noise = Random(1).randbytes(wire.MAX_CHARACTERS).hex()  # noqa: S311 -- no secret

    with pytest.raises(OfferError, match="too long for the queue"):
        wire.encoded(replace(OFFER, files=[noise]))


def test_an_offer_that_no_committer_would_unpack_is_not_sent() -> None:
    with pytest.raises(OfferError, match="too long for the queue"):
        wire.encoded(replace(OFFER, files=[" " * wire.MAX_BYTES]))


def test_the_longest_offer_comes_as_it_was() -> None:
    rest = len(msgspec.json.encode(replace(OFFER, files=[""])))
    longest = replace(OFFER, files=[" " * (wire.MAX_BYTES - rest)])

    assert wire.decoded(wire.encoded(longest)) == longest
