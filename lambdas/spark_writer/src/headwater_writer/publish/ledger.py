"""The names under which a table's properties keep a shard's ranges, and what is wrong with them."""

from typing import Final


class LedgerError(Exception):
    """A property of a table is not valid; the text names it and says what to do.

    Nothing is committed or deleted on a guess: the batch can be retried when it is repaired.
    """


LEDGER: Final = "headwater.ledger."
"""The positions of a shard that a table's commits have claimed."""

LATE: Final = "headwater.late."
"""Ranges in which rows came late, out of the shard's order: there the ledger alone is not
enough."""

REWOUND: Final = "headwater.rewound."
"""Ranges in which rows were lost, or came back, with a rewind or rollback: the same holds."""

PENDING: Final = "headwater.pending."
"""Stream records whose failed records may not be committed yet (``publisher``)."""

OFFERS: Final = "headwater.offers"
"""In a snapshot's summary: the offers that its commit took up (``headwater_writer.staged``)."""

LATEST: Final = "headwater.latest"
"""The snapshot of the newest commit of rows: by it a rollback is detected (``rollback``)."""


def property_name(group: str, shard: str) -> str:
    """Return the name under which a table keeps the ledger of a shard for a consumer group."""
    return f"{LEDGER}{group}/{shard}"


def lists_of(ledger: str) -> frozenset[str]:
    """Return the names of all lists of the shard whose ledger has the name ``ledger``."""
    return frozenset(beside(ledger, prefix) for prefix in (LEDGER, LATE, REWOUND, PENDING))


def beside(ledger: str, prefix: str) -> str:
    """Return the name of another list of the shard whose ledger has the name ``ledger``."""
    return ledger.replace(LEDGER, prefix, 1)
