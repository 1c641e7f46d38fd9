"""A rollback to an earlier snapshot by another tool, detected.

``system.rollback_to_snapshot`` and its like move the table and leave its properties: the ledger
would go on covering rows that are gone. But each commit of rows notes its snapshot under
``LATEST``. If that is not among those that led to the newest one, the table was rolled back, and
gets the notes that `headwater rewind` would have left.

If the snapshot has expired behind newer ones, this cannot be told. So expiry looks first, and sets
``LATEST`` to the newest snapshot.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from headwater_contract.ranges import Range
from headwater_writer.publish.history import (
    History,
    Properties,
    Snapshot,
    ancestry,
    diverging,
)
from headwater_writer.publish.ledger import LATEST, LEDGER, LedgerError
from headwater_writer.publish.rewound import noted, rewound
from headwater_writer.publish.shard import ranges

_FORM: Final = re.compile("([1-9][0-9]{0,18}) ([1-9][0-9]{0,18})")
"""Two of Java's longs, both greater than zero."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The snapshot of the newest commit of rows, and its number among all commits."""

    snapshot: int
    sequence_number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what ``str`` gave.

        Raises:
            LedgerError: it is something else.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise _unusable(text, "a snapshot's id and its sequence number are expected")
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return f"{self.snapshot} {self.sequence_number}"


def taken_back(properties: Properties, history: History) -> Mapping[str, str]:
    """Return the properties that must change because another tool rolled the table back.

    Empty if none did.

    Raises:
        LedgerError: a property is not valid.
    """
    text = properties.get(LATEST)
    if text is None:
        return {}
    latest = Latest.parse(text)
    if _is_part(latest, history):
        return {}
    if _never_was(latest, history):
        raise _unusable(text, "the table never had that snapshot")
    paths = diverging(history, latest.snapshot, history.newest)
    if paths is None:
        return _everything(properties)
    left, here = paths
    return rewound(properties, [each.summary for each in (*left, *here)])


def before_expiry(properties: Properties, history: History) -> Mapping[str, str]:
    """Return the properties that must change before snapshots expire, by what they still show.

    Raises:
        LedgerError: a property is not valid.
    """
    newest = None if history.newest is None else history.snapshot(history.newest)
    if newest is None or properties.get(LATEST) is None:
        return {}
    latest = str(Latest(newest.id, newest.sequence_number))
    return {**taken_back(properties, history), LATEST: latest}


def _is_part(latest: Latest, history: History) -> bool:
    """Return whether a commit led to the newest snapshot, or did before its own expired."""
    oldest: Snapshot | None = None
    for snapshot in ancestry(history, history.newest):
        if snapshot.id == latest.snapshot:
            return snapshot.sequence_number == latest.sequence_number
        if snapshot.sequence_number < latest.sequence_number:
            return False
        oldest = snapshot
    return oldest is not None and oldest.parent is not None


def _never_was(latest: Latest, history: History) -> bool:
    """Return whether the table's other snapshots rule a commit out."""
    if latest.sequence_number > history.sequence_number:
        return True
    found = history.snapshot(latest.snapshot)
    if found is not None:
        return found.sequence_number != latest.sequence_number
    line = ancestry(history, history.newest)
    return any(each.sequence_number == latest.sequence_number for each in line)


def _everything(properties: Properties) -> Mapping[str, str]:
    changed: dict[str, str] = {}
    for ledger in [name for name in properties if name.startswith(LEDGER)]:
        claimed = ranges(properties, ledger).ranges
        if claimed:
            span = Range(claimed[0].first, claimed[-1].last)
            changed |= noted(properties, ledger, span)
    return changed


def _unusable(text: str, why: str) -> LedgerError:
    return LedgerError(
        f"cannot use the table property {LATEST}, which is {text!r:.100}: {why}. Set it to what "
        "it was in an earlier metadata file of the table; nothing is written until then"
    )
