"""Which failed records are replayed: fields and their values, without a query language.

An operator who may start a replay need not be trusted with all that its role can do: a value is
compared with a column, and cannot reach functions, files or other tables.
"""

from datetime import datetime
from typing import Final

import msgspec

from headwater_contract.quoting import listed, quoted
from headwater_contract.tables import STAGES
from headwater_contract.times import parse_time


class Filter(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"since": "from", "until": "to"},
):
    """The failed records that match every given field; all of them, if none is given.

    Attributes:
        stage: Where they failed, one of the contract's ``STAGES``.
        app: Their app's id.
        since: The earliest ``failed_at``, an ISO 8601 date or date-time, UTC unless it says another
            zone. In an event it is ``from``.
        until: The ``failed_at`` before which all are, in the same form. In an event it is ``to``.
        reason: A text that their reason contains, regardless of case, without wildcards.
        shard: Their ``ingest_shard``.
        sequence: Their ``ingest_sequence``.

    Raises:
        ValueError: a field cannot have its value; the text says which it may have.
    """

    stage: str | None = None
    app: str | None = None
    since: str | None = None
    until: str | None = None
    reason: str | None = None
    shard: str | None = None
    sequence: str | None = None

    def __post_init__(self) -> None:
        for name, text in self.given().items():
            require_text(name, text)
        if self.stage is not None and self.stage not in STAGES:
            raise ValueError(
                f"{quoted(self.stage)} is not a stage: give one of {listed(tuple(STAGES))}"
            )
        since, until = self.first_moment(), self.end()
        if since and until and since >= until:
            raise ValueError("`from` must be earlier than `to`, which is itself left out")

    def given(self) -> dict[str, str]:
        """Return the fields that have a value, by their names in an event."""
        values = {name: getattr(self, attribute) for name, attribute in _ATTRIBUTES.items()}
        return {name: value for name, value in values.items() if value is not None}

    def first_moment(self) -> datetime | None:
        """Return the earliest ``failed_at`` (aware UTC)."""
        return _time("from", self.since)

    def end(self) -> datetime | None:
        """Return the ``failed_at`` before which all are (aware UTC)."""
        return _time("to", self.until)


_ATTRIBUTES: Final = dict(
    zip(Filter.__struct_encode_fields__, Filter.__struct_fields__, strict=True)
)


def require_text(name: str, text: str) -> None:
    """Refuse an empty value, or one that cannot be encoded.

    An empty one usually comes from a variable that is not set.

    Raises:
        ValueError: it is empty, or is not Unicode.
    """
    if not text:
        raise ValueError(f"`{name}` is empty: give it a value, or leave it out")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"`{name}` is not Unicode: {quoted(text)}") from error


def _time(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise ValueError(
            f"`{name}` is {quoted(text)}, which is not a time: write 2026-01-31 or "
            "2026-01-31T13:37, in UTC, or with another zone 2026-01-31T13:37+01:00"
        ) from error
