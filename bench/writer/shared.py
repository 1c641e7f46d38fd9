"""The part of a batch that the writer and its peer share: from invocation to sorted Arrow table.

Both call the same pure functions for it, so it hides how they differ. Measured by itself, it can be
taken off the time of each.
"""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from headwater_contract.kinesis_event import received_records
from headwater_contract.tables import EVENTS
from headwater_writer.lake.arrow import to_arrow
from headwater_writer.publish.repeats import RecentEvents, without_repeats
from headwater_writer.rows.rows import Rules
from headwater_writer.writer import rows_of


class SharedPart:
    """Decodes invocations, shapes their rows, drops repeats and makes Arrow columns of the rest."""

    def __init__(self) -> None:
        self._recent = RecentEvents()

    def arrow(self, event: dict[str, Any]) -> pa.Table:
        """Return the rows of ``events`` that an invocation holds and no earlier one held."""
        now = datetime.now(UTC)
        rows = rows_of(received_records(event), Rules(), now)[EVENTS.name]
        fresh = without_repeats(EVENTS, rows, self._recent)
        self._recent.add(fresh, now)
        return to_arrow(EVENTS, list(fresh.values()))
