"""A table's lists of one shard."""

from dataclasses import dataclass
from typing import Self

from headwater_contract.ranges import NOWHERE, Range, Ranges
from headwater_writer.publish.history import Properties, Snapshot
from headwater_writer.publish.ledger import (
    LATE,
    PENDING,
    REWOUND,
    LedgerError,
    beside,
)
from headwater_writer.publish.lookup import sequence
from headwater_writer.rows.rows import Row


@dataclass(frozen=True, slots=True)
class ShardState:
    """A shard's lists in a table's properties.

    ``claimed`` is the ledger. Where rows came late or were lost (``late``, ``rewound``) it does not
    tell what the table has. The failed records of ``pending`` claims may not be committed yet.
    """

    claimed: Ranges
    late: Ranges
    rewound: Ranges
    pending: Ranges

    @classmethod
    def of(cls, properties: Properties, ledger: str) -> Self:
        """Return the lists of the shard whose ledger has that name.

        Raises:
            LedgerError: one of them is not a list of ranges.
        """
        return cls(
            *(
                ranges(properties, name)
                for name in (ledger, *(beside(ledger, each) for each in (LATE, REWOUND, PENDING)))
            )
        )

    def check(self, ledger: str, newest: Snapshot | None) -> None:
        """Compare the lists with the newest snapshot, so that a truncated one does not pass.

        A shard without a ledger was forgotten after it had been idle for long.

        Raises:
            LedgerError: that snapshot claims what none of them has.
        """
        claim = newest and newest.summary.get(ledger)
        if claim and self.claimed.ranges and not self._has(claim):
            raise LedgerError(
                f"the table property {ledger} lacks {claim:.200}, which the newest snapshot of the "
                "table claims. Set it to its value in the metadata file of that snapshot, or "
                "rewind the table to before it; nothing is written until then"
            )

    def _has(self, claim: str) -> bool:
        try:
            left = Ranges.parse(claim)
        except ValueError:
            # Not written by Headwater, so it says nothing of the lists.
            return True
        for span in (*self.claimed.ranges, *self.unsure.ranges):
            left = left.without(span)
        return left == NOWHERE

    @property
    def unsure(self) -> Ranges:
        """Where the ledger does not tell what the table has."""
        return self.late.joined(self.rewound)

    def is_new(self, claim: Range) -> bool:
        """Return whether the ledger covers no record of a claim yet."""
        return not self.claimed.touches(claim)

    def is_unsure(self, row: Row) -> bool:
        """Return whether the ledger is not to be trusted for a row's message."""
        return self.unsure.covers(sequence(row))

    def is_claimed(self, row: Row) -> bool:
        """Return whether the ledger covers the record that a row is from."""
        return self.claimed.covers(sequence(row))

    def is_decided(self, row: Row) -> bool:
        """Return whether the ledger alone tells that a row's message is settled."""
        return self.is_claimed(row) and not self.is_unsure(row)

    def is_pending(self, row: Row) -> bool:
        """Return whether a row's message is to be a failed record if it is missing."""
        return self.pending.covers(sequence(row))

    def is_sure(self, claim: Range) -> bool:
        """Return whether the ledger alone tells what the table has of a claim."""
        return not (self.unsure.touches(claim) or self.pending.touches(claim))

    def is_open(self, row: Row) -> bool:
        """Return whether a row's message may not be settled yet."""
        return not self.is_decided(row) or self.is_pending(row)


def ranges(properties: Properties, name: str) -> Ranges:
    """Return the ranges of a property; none if it is missing.

    Raises:
        LedgerError: it is not a list of ranges.
    """
    text = properties.get(name) or ""
    try:
        return Ranges.parse(text)
    except ValueError as error:
        raise LedgerError(
            f"cannot read the table property {name}, which is {text!r:.200}: {error}. Set it to "
            "its value in an earlier metadata file of the table; nothing is written until then"
        ) from error
