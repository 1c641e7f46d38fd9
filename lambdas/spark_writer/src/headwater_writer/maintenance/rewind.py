"""A table taken to another of its snapshots, with the note that this takes, while writers go on."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from headwater_writer.lake.table import MetadataHistory
from headwater_writer.maintenance import lease
from headwater_writer.maintenance.errors import ContentionError, RewindError
from headwater_writer.maintenance.properties import MAX_TRIES, Version, update
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish.history import diverging
from headwater_writer.publish.ledger import LATEST
from headwater_writer.publish.rewound import rewound
from headwater_writer.publish.rollback import Latest, taken_back
from headwater_writer.spark.java import JavaObject


@dataclass(frozen=True, slots=True)
class Rewind:
    """Where a table is taken, and what that means.

    ``snapshot`` was committed at ``committed_at``; ``properties`` are those that change. The way
    back is to rewind to ``from_snapshot``.
    """

    from_snapshot: int
    snapshot: int
    committed_at: datetime
    commits_left: int
    rows_before: int
    rows_after: int
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A snapshot that a table may be rewound to, committed at a time (aware UTC).

    ``operation`` is what Iceberg calls it: ``append`` for a batch, ``replace`` for a compaction.
    """

    snapshot: int
    committed_at: datetime
    operation: str
    rows: int
    is_newest: bool


def rewind(table: MaintainedTable, target: int | datetime, *, dry_run: bool) -> Rewind:
    """Take the table to a snapshot, by its id or the time (aware UTC) at which it was the newest.

    Records of the stream that the table then lacks are accepted again, each once; those that it
    has are not.

    Raises:
        RewindError: the snapshot does not exist, or the way from it to the newest is not known.
        LeaseHeldError: maintenance is at work on the table.
        ContentionError: writers committed each time before it was done.
    """
    if dry_run:
        return _plan(table.read(), target)[0]
    with _leased(table):
        for _ in range(MAX_TRIES):
            version = table.read()
            plan, properties = _plan(version, target)
            if table.swap(version, properties, plan.snapshot):
                return plan
    raise ContentionError(
        f"a writer committed first each of {MAX_TRIES} times: stop it for a moment"
    )


def snapshots(table: MaintainedTable) -> list[Candidate]:
    """Return the snapshots of a table that have not expired, the oldest first."""
    metadata = table.read().base[1]
    newest = metadata.currentSnapshot()
    return [
        Candidate(
            snapshot=each.snapshotId(),
            committed_at=_time(each),
            operation=each.operation(),
            rows=_rows(each),
            is_newest=each.snapshotId() == newest.snapshotId(),
        )
        for each in metadata.snapshots()
    ]


@contextmanager
def _leased(table: MaintainedTable) -> Iterator[None]:
    holder = f"rewind-{uuid.uuid4().hex[:12]}"
    update(table, lambda found: lease.taken(found, holder, datetime.now(UTC)))
    try:
        yield
    finally:
        update(table, lambda found: lease.released(found, holder))


def _plan(version: Version, target: int | datetime) -> tuple[Rewind, Mapping[str, str]]:
    metadata = version.base[1]
    newest = metadata.currentSnapshot()
    if newest is None:
        raise RewindError("the table has no snapshot yet")
    goal = metadata.snapshot(_snapshot_id(metadata, target))
    if goal is None:
        raise RewindError(f"the table has no snapshot {target}: it has expired, or never existed")
    history = MetadataHistory(metadata)
    paths = diverging(history, newest.snapshotId(), goal.snapshotId())
    if paths is None:
        raise RewindError("the snapshots between that one and the newest have expired")
    properties = {**version.properties, **taken_back(version.properties, history)}
    left, taken_up = paths
    properties |= rewound(properties, [each.summary for each in (*left, *taken_up)])
    properties[LATEST] = str(Latest(goal.snapshotId(), goal.sequenceNumber()))
    return Rewind(
        from_snapshot=newest.snapshotId(),
        snapshot=goal.snapshotId(),
        committed_at=_time(goal),
        commits_left=len(left),
        rows_before=_rows(newest),
        rows_after=_rows(goal),
        properties={
            name: text
            for name, text in sorted(properties.items())
            if text != version.properties.get(name)
        },
    ), properties


def _snapshot_id(metadata: JavaObject, target: int | datetime) -> int:
    if isinstance(target, int):
        return target
    until = target.timestamp() * 1000
    entries = [entry for entry in metadata.snapshotLog() if entry.timestampMillis() <= until]
    if not entries:
        raise RewindError(
            f"the table has no snapshot as old as {target:%Y-%m-%d %H:%M:%S} UTC: it has expired"
        )
    return int(entries[-1].snapshotId())


def _rows(snapshot: JavaObject) -> int:
    return int(dict(snapshot.summary()).get("total-records", 0))


def _time(snapshot: JavaObject) -> datetime:
    return datetime.fromtimestamp(snapshot.timestampMillis() / 1000, UTC)
