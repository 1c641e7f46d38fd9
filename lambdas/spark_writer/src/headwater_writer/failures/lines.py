"""Failed records as JSON lines, for people without SQL: one object in the folder of each stage."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from headwater_contract.times import format_time
from headwater_writer.rows.rows import Row

FOLDERS: Final = {
    "collector": "failed_records",
    "decode": "failed_records",
    "shape": "failed_transformation_records",
    "plan": "failed_transformation_records",
    "retry": "failed_transformation_records",
}
"""The folder of each stage: refused and unreadable records apart from those that were read."""


def by_shard(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    """Return failed records of several shards, those of each together."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["ingest_shard"], []).append(row)
    return found.values()


def objects(rows: Sequence[Row]) -> Mapping[str, bytes]:
    """Return the objects that hold failed records of one shard, by key.

    The key is of the day of arrival and the positions, so that the same records replace their
    objects, and others of their batch, which a later attempt may add, do not.
    """
    name = f"{_day(rows):%Y-%m-%d}/{rows[0]['ingest_shard']}/{_span(rows)}.jsonl"
    found: dict[str, list[bytes]] = {}
    for row in rows:
        found.setdefault(f"{FOLDERS[row['stage']]}/{name}", []).append(line(row))
    return {key: b"".join(lines) for key, lines in found.items()}


def line(row: Row) -> bytes:
    """Return a failed record as a line of JSON; ``raw_encoding`` is how ``raw`` is encoded."""
    fields = {
        "failed_at": format_time(row["failed_at"]),
        "stage": row["stage"],
        "reason": row["reason"],
        "app_id": row["app_id"],
        "server_event_time": row["server_event_time"] and format_time(row["server_event_time"]),
        "shard": row["ingest_shard"],
        "sequence": row["ingest_sequence"],
        "index": row["ingest_index"],
        **_raw(row["raw"]),
    }
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _raw(raw: bytes) -> dict[str, Any]:
    try:
        return {"raw_encoding": "utf-8", "raw": raw.decode()}
    except UnicodeDecodeError:
        return {"raw_encoding": "base64", "raw": base64.b64encode(raw).decode()}


def _span(rows: Sequence[Row]) -> str:
    positions = sorted((int(row["ingest_sequence"]), row["ingest_index"]) for row in rows)
    digest = hashlib.sha256(repr(positions).encode()).hexdigest()[:8]
    return f"{positions[0][0]}-{positions[-1][0]}-{digest}"


def _day(rows: Sequence[Row]) -> datetime:
    # The time of failure differs with each attempt; an unreadable record has no other.
    arrivals = [row["server_event_time"] for row in rows if row["server_event_time"]]
    day: datetime = min(arrivals, default=rows[0]["failed_at"])
    return day
