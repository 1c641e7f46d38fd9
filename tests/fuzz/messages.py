"""Whatever a message says, the writer makes rows of it or says why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from fuzz.corpus import TEXTS, cases
from fuzz.mutation import damaged, mutated, text_of
from fuzz.target import Checked, Target
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.fields import MESSAGE_TYPES
from headwater_writer.rows.message import UnshapeableError
from headwater_writer.rows.rows import Rules, Shaped, shape

_RULES: Final = (
    Rules(),
    Rules(max_age=timedelta(days=3650), ip_policy="truncated"),
    Rules(ip_policy="none"),
)
_TIMES: Final = (
    datetime(2026, 1, 31, 13, 37, tzinfo=UTC),
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
)


def check(rng: Random) -> Checked:
    """Shape a message that is odd somewhere; what may be text must be text that has UTF-8."""
    case = rng.choice(cases())
    text = text_of(rng, mutated(rng, case.message))
    body = damaged(rng, text) if rng.random() < 0.2 else text
    entry = Entry(
        body,
        rng.choice((*MESSAGE_TYPES, *MESSAGE_TYPES, "", None)),
        rng.choice(("m-1", "", "\x00")),
    )
    envelope, rules = _envelope(rng, case.envelope), rng.choice(_RULES)
    try:
        shaped = shape(entry, envelope, rules)
    except UnshapeableError:
        return Checked((entry, envelope, rules), "no row")
    return Checked((entry, envelope, rules), "rows", tuple(_problems(shaped)))


def _envelope(rng: Random, usual: Envelope) -> Envelope:
    if rng.random() < 0.5:
        return usual
    return replace(
        usual,
        received_at=rng.choice(_TIMES),
        sent_at=rng.choice((None, *_TIMES)),
        ip=rng.choice((None, *_ENCODABLE)),
        user_agent=rng.choice((None, *_ENCODABLE)),
    )


_ENCODABLE: Final = [text for text in TEXTS if "\\ud" not in ascii(text)]


def _problems(shaped: Shaped) -> list[str]:
    rows = (shaped.event, shaped.identify or {})
    return [
        f"{name} has no UTF-8"
        for row in rows
        for name, value in row.items()
        if isinstance(value, str) and not _has_utf_8(value)
    ]


def _has_utf_8(text: str) -> bool:
    return text == text.encode(errors="replace").decode()


MESSAGES: Final = Target("message", check, share=0.2)
