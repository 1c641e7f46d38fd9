"""The history on the stand-in's DynamoDB: what the stream holds is written, and read again."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_local import aws_client
from headwater_local.sinks.history import create_table
from headwater_sinks.history.access import ReadKeys
from headwater_sinks.history.answering import History
from headwater_sinks.history.settings import WriteSettings
from headwater_sinks.history.table import Table, ThrottledError
from headwater_sinks.history.writing import Writing
from inline import Inline
from unit.writer.builders import SHARD

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "hits"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEY = "secret"
LOG = Logger(service="test", level="CRITICAL")


def hit(path: str, seconds: int, event_id: str | None = None, **properties: str) -> Entry:
    at = (NOON + timedelta(seconds=seconds)).isoformat()
    properties_of_hit = {"path": path, "number": seconds, **properties}
    body = {"userId": "ada", "timestamp": at, "properties": properties_of_hit}
    return Entry(
        json.dumps(body, ensure_ascii=False).encode(),
        "page",
        event_id or f"m-{path[:20]}-{seconds}",
    )


def records(*entries: Entry) -> Sequence[ReceivedRecord]:
    envelope = Envelope(NOON + timedelta(hours=1), "shop")
    return [
        ReceivedRecord(SHARD, str(number), data)
        for number, data in enumerate(pack(envelope, entries), start=1)
    ]


class Hits:
    """A table, written and read as the two functions do."""

    def __init__(
        self, endpoint: str, write_shards: int = 1, days: int = 0, name: str = TABLE
    ) -> None:
        self.now = NOON
        self.client = aws_client.dynamodb(endpoint)
        create_table(endpoint, TABLE)
        self.table = Table(self.client, name, Inline(), pause=lambda _: None)
        environment = {"HISTORY_TABLE": TABLE, "HISTORY_TTL_DAYS": str(days)}
        shards = {"HISTORY_WRITE_SHARDS": str(write_shards)}
        settings = WriteSettings.from_environment({**environment, **shards})
        self.write = Writing(self.table, settings, now=self._time).store
        digests = [hashlib.sha256(KEY.encode()).hexdigest()]
        self._history = History(
            self.table, write_shards, ReadKeys(digests), ["https://shop.example"], LOG
        )

    def _time(self) -> float:
        return self.now.timestamp()

    def get(self, headers: Mapping[str, str] | None = None, /, **query: str) -> dict[str, Any]:
        authorization = {"authorization": f"Bearer {KEY}"}
        return self._history.answer(
            {"headers": {**authorization, **(headers or {})}, "queryStringParameters": query}
        )

    def read(self, **query: str) -> dict[str, Any]:
        answer = self.get(**query)
        assert answer["statusCode"] == 200, answer
        body: dict[str, Any] = json.loads(answer["body"])
        return body

    def numbers(self, **query: str) -> list[int]:
        return [item["properties"]["number"] for item in self.read(**query)["items"]]

    def all_numbers(self, **query: str) -> list[int]:
        page = self.read(**query)
        numbers = [item["properties"]["number"] for item in page["items"]]
        if page["cursor"] is None:
            return numbers
        return numbers + self.all_numbers(**{**query, "cursor": page["cursor"]})


@pytest.fixture
def hits(aws_endpoint: str) -> Hits:
    return Hits(aws_endpoint)


def test_reads_a_page_newest_first(hits: Hits) -> None:
    hits.write(records(hit("/a", 1), hit("/b", 2), hit("/a", 3)))

    assert hits.read(path="/a") == {
        "cursor": None,
        "items": [
            {
                "pagePath": "/a",
                "timestamp": int(NOON.timestamp() + seconds) * 1000,
                "eventId": f"m-/a-{seconds}",
                "eventType": "page_view",
                "appId": "shop",
                "userId": "ada",
                "properties": {"path": "/a", "number": seconds},
            }
            for seconds in (3, 1)
        ],
    }


def test_reads_page_by_page(hits: Hits) -> None:
    hits.write(records(*(hit("/a", seconds) for seconds in range(60))))

    assert hits.all_numbers(path="/a", limit="7") == list(range(59, -1, -1))


@pytest.mark.parametrize("text", ["\u0436" * 15_000, '"' * 7_500], ids=["letters", "escapes"])
def test_an_answer_is_no_larger_than_lambda_takes(hits: Hits, text: str) -> None:
    hits.write(records(*(hit("/a", seconds, note=text) for seconds in range(300))))

    answer = hits.get(path="/a", limit="1000")

    assert 3_900_000 < len(json.dumps(answer, ensure_ascii=False).encode()) < 6_000_000
    assert hits.all_numbers(path="/a", limit="1000") == list(range(299, -1, -1))


def test_reads_a_span_of_time_without_its_end(hits: Hits) -> None:
    hits.write(records(*(hit("/a", seconds) for seconds in range(6))))

    assert hits.numbers(path="/a", **{"from": "2026-01-31T12:00:02Z", "to": "1769860804000"}) == [
        3,
        2,
    ]


@pytest.mark.parametrize("write_shards", [1, 4])
def test_a_repeated_batch_writes_the_same_items(aws_endpoint: str, write_shards: int) -> None:
    hits = Hits(aws_endpoint, write_shards)
    batch = records(*(hit("/a", seconds) for seconds in range(40)))

    for _ in range(2):
        assert hits.write(batch) == {"items": 40}

    assert hits.all_numbers(path="/a", limit="9") == list(range(39, -1, -1))


def test_events_of_one_millisecond_are_all_there(hits: Hits) -> None:
    hits.write(records(*(hit("/a", 7, f"m-{number}") for number in range(30))))

    assert hits.all_numbers(path="/a", limit="4") == [7] * 30


def test_a_page_that_is_spread_later_keeps_what_it_has(aws_endpoint: str) -> None:
    Hits(aws_endpoint).write(records(hit("/a", 1), hit("/a", 2)))
    spread = Hits(aws_endpoint, write_shards=8)

    spread.write(records(*(hit("/a", seconds) for seconds in range(3, 9))))

    assert spread.numbers(path="/a") == [8, 7, 6, 5, 4, 3, 2, 1]


def test_a_path_of_3000_bytes_is_written_and_read_whole(hits: Hits) -> None:
    path = "/" + "\u00e9" * 1500
    hits.write(records(hit(path, 1), hit(path + "x", 2)))

    [item] = hits.read(path=path)["items"]

    assert item["pagePath"] == path


def test_writes_nothing_that_would_be_expired(aws_endpoint: str) -> None:
    hits = Hits(aws_endpoint, days=1)
    hits.now = NOON + timedelta(days=1, seconds=1)

    assert hits.write(records(hit("/a", 1), hit("/a", 2))) == {"items": 1}


def test_leaves_out_what_has_expired(aws_endpoint: str) -> None:
    hits = Hits(aws_endpoint, days=1)

    assert hits.write(records(hit("/a", 1))) == {"items": 1}
    assert hits.read(path="/a") == {"items": [], "cursor": None}


def test_leaves_out_events_without_a_page(hits: Hits) -> None:
    track = Entry(b'{"userId":"u","event":"Paid"}', "track", "m")

    assert hits.write(records(track)) == {"items": 0}


def test_a_span_that_ends_before_it_begins_is_empty(hits: Hits) -> None:
    hits.write(records(hit("/a", 1)))

    assert hits.numbers(path="/a", **{"from": "1769860804000", "to": "1769860800000"}) == []


def test_is_closed_without_a_read_key(hits: Hits) -> None:
    refused = hits.get({"authorization": ""}, path="/a")

    assert refused["statusCode"] == 401
    assert json.loads(refused["body"])["error"] == (
        "the read key is missing or unknown: send one as Authorization: Bearer KEY"
    )


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"path": "/a", "limit": "1000000"},
        {"path": "/a", "cursor": base64.urlsafe_b64encode(b"forged:1").decode()},
        {"path": "/a", "from": "yesterday"},
    ],
)
def test_refuses_a_query_with_a_sentence(hits: Hits, query: Mapping[str, str]) -> None:
    answer = hits.get(**query)

    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["error"]


def test_lets_pages_of_allowed_origins_read(hits: Hits) -> None:
    origins = [
        hits.get({"origin": origin}, path="/a")["headers"].get("access-control-allow-origin")
        for origin in ("https://shop.example", "https://evil.example")
    ]

    assert origins == ["https://shop.example", None]


def test_says_that_the_table_cannot_be_read(aws_endpoint: str) -> None:
    answer = Hits(aws_endpoint, name="gone").get(path="/a")

    assert (answer["statusCode"], "right now" in answer["body"]) == (503, True)


class Throttling:
    """A real table behind a limit: it takes so many items of each call, as DynamoDB may."""

    def __init__(self, client: "DynamoDBClient", takes: Callable[[], int]) -> None:
        self._client = client
        self._takes = takes

    def batch_write_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        items = RequestItems[TABLE]
        taken = items[: self._takes()]
        if taken:
            self._client.batch_write_item(RequestItems={TABLE: taken})
        left = items[len(taken) :]
        return {"UnprocessedItems": {TABLE: left} if left else {}}


def throttled(hits: Hits, takes: Callable[[], int]) -> Table:
    client = cast("DynamoDBClient", Throttling(hits.client, takes))
    return Table(client, TABLE, Inline(), pause=lambda _: None)


def test_writes_what_a_throttled_table_did_not_take(hits: Hits) -> None:
    settings = WriteSettings.from_environment({"HISTORY_TABLE": TABLE, "HISTORY_TTL_DAYS": "0"})

    Writing(throttled(hits, lambda: 4), settings).store(
        records(*(hit("/a", seconds) for seconds in range(30)))
    )

    assert hits.numbers(path="/a") == list(range(29, -1, -1))


def test_fails_if_the_table_takes_nothing_so_that_the_batch_comes_again(hits: Hits) -> None:
    settings = WriteSettings.from_environment({"HISTORY_TABLE": TABLE, "HISTORY_TTL_DAYS": "0"})

    with pytest.raises(ThrottledError, match="does not take 1 of 1 items"):
        Writing(throttled(hits, lambda: 0), settings).store(records(hit("/a", 1)))


def test_fails_if_the_table_is_gone(aws_endpoint: str) -> None:
    with pytest.raises(ClientError):
        Hits(aws_endpoint, name="gone").write(records(hit("/a", 1)))
