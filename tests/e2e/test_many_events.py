"""Many events through the whole route, one in a hundred of them poison: all are accounted for."""

import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
import pytest

from e2e.route import Route, run
from headwater_local import aws_client
from headwater_local.data_dir import DataDir
from headwater_local.names import STREAM
from headwater_local.ports import Ports

EVENTS: Final = int(os.environ.get("EVENTS", "0"))
AUDIT: Final = Path(__file__).parents[2] / "terraform/modules/queries/sql/audit.sql"
POSITION: Final = ("ingest_shard", "ingest_sequence", "ingest_index")

_REFUSED: Final[tuple[dict[str, object], ...]] = (
    {"event": "nobody"},
    {"userId": "u", "type": "tracking"},
    {"userId": "u", "event": "e", "timestamp": "yesterday"},
    {"userId": "u", "event": ""},
    {"userId": "u", "event": "e", "properties": [1]},
)
"""Messages that the collector refuses. They make half of the poison; the other half is put on the
stream itself, as bytes that are not a record of the collector."""

pytestmark = [
    pytest.mark.route,
    pytest.mark.on_request,
    pytest.mark.skipif(not EVENTS, reason="takes minutes: `make load EVENTS=1000000`"),
    pytest.mark.timeout(60 + EVENTS // 100),
]

_log = logging.getLogger(__name__)


def _lines(refused: int) -> Iterator[str]:
    spacing = max(1, (EVENTS - refused) // max(1, refused))
    for number in range(EVENTS):
        if refused and number % spacing == 0:
            refused -= 1
            yield json.dumps(_REFUSED[number % len(_REFUSED)])
        yield json.dumps(_message(number))


def _message(number: int) -> dict[str, object]:
    page = f"/bottles/{number % 50}"
    return {
        "type": "track",
        "event": ("link_click", "add_to_basket", "search")[number % 3],
        "messageId": f"load-{number}",
        "anonymousId": f"device-{number % 9973}",
        "properties": {"href": f"https://shop.example/{number % 50}", "position": number % 7},
        "context": {
            "page": {"path": page, "url": f"https://shop.example{page}?utm_source=mail"},
            "library": {"name": "load", "version": "1"},
            "sessionId": f"session-{number % 4999}",
        },
    }


def _poison_the_stream(route: Route, records: int) -> None:
    kinesis = aws_client.kinesis(_ports(route).aws_url)
    for number in range(records):
        data = os.urandom(20 + number % 500)
        kinesis.put_record(StreamName=STREAM, Data=data, PartitionKey=str(number))


def _ports(route: Route) -> Ports:
    return DataDir.at(route.data_dir).running_ports()


def _share_of_the_positions(route: Route) -> float:
    """Return which part of the bytes of `events` says where rows came from."""
    files = DataDir.at(route.data_dir).objects.glob("**/events/data/**/*.parquet")
    groups = [
        footer.row_group(number)
        for footer in map(pq.read_metadata, files)
        for number in range(footer.num_row_groups)
    ]
    chunks = [group.column(number) for group in groups for number in range(group.num_columns)]
    of_positions = sum(
        chunk.total_compressed_size for chunk in chunks if chunk.path_in_schema in POSITION
    )
    return of_positions / sum(chunk.total_compressed_size for chunk in chunks)


def test_every_event_is_a_row_once_and_every_poison_a_failed_record(
    own_route: Route, tmp_path: Path
) -> None:
    refused = EVENTS // 200
    poisoned = EVENTS // 100 - refused
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(_lines(refused)) + "\n")

    own_route.start()
    started = time.monotonic()
    _poison_the_stream(own_route, poisoned)
    sending = time.monotonic()
    outcome = run("send", str(file), "--api-url", own_route.api_url, seconds=EVENTS / 100)
    sent = time.monotonic()
    own_route.wait_until_written(seconds=EVENTS / 100)
    written = time.monotonic()

    _log.info("%s", outcome.out.strip())
    _log.info(
        "accepted %.0f events/s, written %.0f events/s",
        EVENTS / (sent - sending),
        EVENTS / (written - started),
    )
    _log.info("positions take %.1f%% of the bytes", 100 * _share_of_the_positions(own_route))
    assert outcome.out.startswith(f"sent {EVENTS:,}, refused {refused:,} in ")
    assert own_route.rows("select count(*) n, count(distinct event_id) ids from events") == [
        {"n": EVENTS, "ids": EVENTS}
    ]
    assert own_route.rows("select stage, count(*) n from failed_records group by 1 order by 1") == [
        {"stage": "collector", "n": refused},
        {"stage": "decode", "n": poisoned},
    ]
    assert own_route.rows(AUDIT.read_text()) == []
