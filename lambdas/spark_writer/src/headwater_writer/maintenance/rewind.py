"""A table taken to another of its snapshots, with the note that this takes, while writers go on.

``python -m headwater_writer.maintenance.rewind`` does it by hand, with the writer's environment.
"""

import argparse
import json
import os
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from headwater_contract.tables import TABLES
from headwater_writer.lake.lake import MetadataHistory
from headwater_writer.maintenance import lease
from headwater_writer.maintenance.errors import ContentionError, MaintenanceError, RewindError
from headwater_writer.maintenance.properties import MAX_TRIES, Version, update
from headwater_writer.maintenance.table import MaintainedTable
from headwater_writer.publish.history import Snapshot, ancestry
from headwater_writer.publish.ledger import LATEST
from headwater_writer.publish.rewound import rewound
from headwater_writer.publish.rollback import Latest, taken_back
from headwater_writer.settings import Settings
from headwater_writer.spark import session
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


def rewind(table: MaintainedTable, target: int | datetime, *, dry_run: bool) -> Rewind:
    """Take the table to a snapshot, by its id or the time (aware UTC) at which it was the newest.

    Records of the stream that the table then lacks are accepted again, each once; those that it
    holds are not.

    Raises:
        RewindError: there is no such snapshot, or it has no known way to the newest.
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
    raise ContentionError(f"a writer was quicker each of {MAX_TRIES} times: stop it for a moment")


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
        raise RewindError(f"the table has no snapshot {target}: it has expired, or never was")
    history = MetadataHistory(metadata)
    left, taken_up = (_lineage(history, each.snapshotId()) for each in (newest, goal))
    if not left.keys() & taken_up.keys():
        raise RewindError("what lies between that snapshot and the newest has expired")
    properties = {**version.properties, **taken_back(version.properties, history)}
    apart = [(left | taken_up)[number].summary for number in left.keys() ^ taken_up.keys()]
    properties |= rewound(properties, apart)
    properties[LATEST] = str(Latest(goal.snapshotId(), goal.sequenceNumber()))
    return Rewind(
        from_snapshot=newest.snapshotId(),
        snapshot=goal.snapshotId(),
        committed_at=datetime.fromtimestamp(goal.timestampMillis() / 1000, UTC),
        commits_left=len(left.keys() - taken_up.keys()),
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
        raise RewindError(f"what the table was at {target:%Y-%m-%d %H:%M:%S} UTC has expired")
    return int(entries[-1].snapshotId())


def _lineage(history: MetadataHistory, number: int) -> dict[int, Snapshot]:
    return {snapshot.id: snapshot for snapshot in ancestry(history, number)}


def _rows(snapshot: JavaObject) -> int:
    return int(dict(snapshot.summary()).get("total-records", 0))


def main(arguments: argparse.Namespace) -> None:
    """Rewind a table and print what was done, or why not, as one line of JSON."""
    settings = Settings.from_environment(os.environ)
    [contract] = [table for table in TABLES if table.name == arguments.table]
    table = MaintainedTable(session.start(settings), settings.database, contract)
    said = answer(table, arguments.to, dry_run=arguments.dry_run)
    sys.stdout.write(f"{json.dumps(said)}\n")


def answer(table: MaintainedTable, to: int | datetime, *, dry_run: bool) -> dict[str, object]:
    """Rewind a table and say in JSON what was done, or why not."""
    try:
        done = asdict(rewind(table, to, dry_run=dry_run))
    except MaintenanceError as error:
        return {"error": str(error)}
    return {"rewind": done | {"committed_at": done["committed_at"].isoformat()}}


def target(text: str) -> int | datetime:
    """Return the snapshot's id, or the time (UTC unless it says another zone), that a text means.

    Raises:
        ValueError: it is neither.
    """
    if text.isdecimal():
        return int(text)
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take a table to another of its snapshots.")
    parser.add_argument("--table", required=True, choices=[table.name for table in TABLES])
    parser.add_argument("--to", required=True, type=target, help="a snapshot's id, or a time")
    parser.add_argument("--dry-run", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(_arguments())
