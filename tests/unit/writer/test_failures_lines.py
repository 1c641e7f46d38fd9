import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from headwater_writer.ledger import Range

from headwater_contract.stream_record import Entry
from headwater_writer.decode import ReceivedRecord
from headwater_writer.failures.lines import line, objects
from headwater_writer.rows import Row, Rules
from headwater_writer.writer import rows_of
from unit.writer.builders import NOW, SHARD, record

CLAIM = Range(7, 9)


def failed(*records: ReceivedRecord) -> list[Row]:
    return rows_of(records, Rules(), NOW)["failed_records"]


REFUSED = failed(record(7, Entry('{"é":1}'.encode(), refusal="event is missing")))
UNREADABLE = failed(ReceivedRecord(SHARD, "8", b"\xff\x00"))
UNSHAPEABLE = failed(record(9, Entry(b"{", "track", "m-1")))


def read(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(each) for each in data.splitlines()]


def test_says_all_that_the_table_says() -> None:
    assert read(line(REFUSED[0])) == [
        {
            "failed_at": "2026-01-31T13:37:05.000000Z",
            "stage": "collector",
            "reason": "event is missing",
            "app_id": "shop",
            "server_event_time": "2026-01-31T13:37:01.000000Z",
            "shard": SHARD,
            "sequence": "7",
            "index": 0,
            "raw_encoding": "utf-8",
            "raw": '{"é":1}',
        }
    ]


def test_writes_bytes_that_are_no_text_as_base64() -> None:
    [written] = read(line(UNREADABLE[0]))

    assert written["raw_encoding"] == "base64"
    assert base64.b64decode(written["raw"]) == b"\xff\x00"
    assert written["server_event_time"] is None


@pytest.mark.parametrize("raw", [b"a\nb\r\n", "\u2028\x85\x00".encode(), b'{"a": "\\u2028"}'])
def test_takes_one_line_whatever_the_text_holds(raw: bytes) -> None:
    written = line(REFUSED[0] | {"raw": raw})

    assert written.count(b"\n") == 1
    assert json.loads(written)["raw"] == raw.decode()


def test_keeps_what_was_read_apart_from_what_was_not() -> None:
    kept = objects(SHARD, CLAIM, [*REFUSED, *UNREADABLE, *UNSHAPEABLE])

    name = "2026-01-31/clicks/shardId-000000000000/7-9.jsonl"
    assert {key: [each["sequence"] for each in read(body)] for key, body in kept.items()} == {
        f"failed_records/{name}": ["7", "8"],
        f"failed_transformation_records/{name}": ["9"],
    }


def test_names_a_batch_alike_when_it_comes_again_on_another_day() -> None:
    later = [each | {"failed_at": NOW + timedelta(days=1)} for each in [*UNREADABLE, *REFUSED]]

    assert objects(SHARD, CLAIM, later).keys() == objects(SHARD, CLAIM, REFUSED).keys()
