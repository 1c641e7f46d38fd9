import base64
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from headwater_contract.envelope import Entry
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_writer.failures.lines import line, objects
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.writer import rows_of
from unit.writer.builders import NOW, SHARD, record


def failed(*records: ReceivedRecord) -> list[Row]:
    return rows_of(records, Rules(), NOW)["failed_records"]


BAD = Entry(b"{", "track", "m-1")
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


def test_writes_bytes_that_are_not_text_as_base64() -> None:
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
    kept = objects([*REFUSED, *UNREADABLE, *UNSHAPEABLE])

    folders = {key.partition("/")[0]: body for key, body in kept.items()}
    assert {name: [each["sequence"] for each in read(body)] for name, body in folders.items()} == {
        "failed_records": ["7", "8"],
        "failed_transformation_records": ["9"],
    }


def test_object_is_named_by_day_shard_and_the_records_that_it_holds() -> None:
    [key] = objects([*REFUSED, *UNREADABLE])

    name = r"failed_records/2026-01-31/clicks/shardId-000000000000/7-8-[0-9a-f]{8}\.jsonl"
    assert re.fullmatch(name, key)


def test_object_is_named_alike_when_its_records_come_again_on_another_day() -> None:
    later = [each | {"failed_at": NOW + timedelta(days=1)} for each in [*UNREADABLE, *REFUSED]]

    assert objects(later).keys() == objects([*REFUSED, *UNREADABLE]).keys()


def test_object_with_other_records_between_the_same_ends_has_another_name() -> None:
    ends = failed(record(7, BAD), record(9, BAD))
    all_three = failed(record(7, BAD), record(8, BAD), record(9, BAD))

    assert objects(ends).keys().isdisjoint(objects(all_three))


def test_object_with_fewer_messages_of_a_record_has_another_name() -> None:
    both = failed(record(7, BAD, BAD))

    assert objects(both).keys().isdisjoint(objects(both[1:]))


def test_every_stage_has_a_folder() -> None:
    for stage in ("collector", "decode", "shape", "plan", "retry"):
        [key] = objects([REFUSED[0] | {"stage": stage}])
        assert key.startswith("failed_")
