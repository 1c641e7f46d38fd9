from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from headwater_collector.stream import MemoryStream
from headwater_contract.limits import MAX_BATCH_MESSAGES, MAX_UNPACKED_RECORD_BYTES
from headwater_poller.config import Config
from headwater_poller.errors import (
    AnswerError,
    ConflictError,
    PagingError,
    PollError,
    RequestError,
    StreamError,
)
from headwater_poller.poll import SAVED_EVERY
from headwater_poller.windows import Walk
from unit.poller.api import Api, Asked, Reply, by_offset, rows, serving
from unit.poller.build import NOW, TIMED, Bench, config

OFFSET = {"type": "offset", "param": "offset"}
MINUTE = timedelta(minutes=1)


def offsets(api: Api) -> list[str]:
    return [asked.params["offset"] for asked in api.asked]


def users(*numbers: int) -> list[str]:
    return [f"u{number}" for number in numbers]


class TestWholeLists:
    """An API that is asked for everything each time."""

    def test_walks_all_pages(self) -> None:
        with serving(by_offset(rows(*range(5)), 2)) as api:
            bench = Bench(config(url=api.url, pages=OFFSET))
            outcome = bench.poll()

        assert offsets(api) == ["0", "2", "4", "5"]
        assert bench.users == users(*range(5))
        assert (outcome.pages, outcome.polled, outcome.sent, outcome.refused) == (4, 5, 5, 0)

    def test_sends_only_what_is_new(self) -> None:
        records = rows(1, 2)
        with serving(by_offset(records, 10)) as api:
            bench = Bench(config(url=api.url, pages=OFFSET))
            bench.poll()
            records += rows(3)
            outcome = bench.poll()

        assert bench.users == users(1, 2, 3)
        assert (outcome.sent, outcome.repeated) == (1, 2)

    def test_sends_once_what_shifts_to_the_next_page_meanwhile(self) -> None:
        records = rows(1, 2, 3)

        def respond(asked: Asked) -> Reply:
            reply = by_offset(records, 2)(asked)
            records[:0] = rows(0) if len(records) == 3 else []
            return reply

        with serving(respond) as api:
            bench = Bench(config(url=api.url, pages=OFFSET))
            bench.poll()

        assert bench.users == users(1, 2, 3)

    def test_refused_records_go_the_way_of_all_others_once(self) -> None:
        records = [*rows(1), {"id": 2, "event": "view"}, "rubbish"]
        with serving(by_offset(records, 10)) as api:
            bench = Bench(config(url=api.url, pages=OFFSET))
            outcome = bench.poll()
            again = bench.poll()

        assert (outcome.sent, outcome.refused) == (1, 2)
        assert (again.sent, again.refused, again.repeated) == (0, 0, 3)
        assert sorted(str(entry.refusal) for entry in bench.entries) == [
            "None",
            "the record cannot be mapped: it has no id at `id`",
            "userId and anonymousId are both missing: send at least one of them",
        ]


class TestTrouble:
    """An API, a stream or a store that does not do what it should."""

    def test_notices_a_server_that_ignores_the_offset(self) -> None:
        with serving(lambda _: Reply({"data": rows(1, 2)})) as api:
            bench = Bench(config(url=api.url, pages=OFFSET))
            with pytest.raises(PagingError, match="page 2 has the records of page 1"):
                bench.poll()

        assert bench.users == users(1, 2)

    def test_notices_a_cursor_that_comes_again(self) -> None:
        def respond(asked: Asked) -> Reply:
            page = int(asked.params.get("cursor", "0"))
            return Reply({"data": rows(page), "next": (page + 1) % 3})

        with serving(respond) as api:
            pages = {"type": "cursor", "param": "cursor", "next": "next"}
            bench = Bench(config(url=api.url, pages=pages))
            with pytest.raises(PagingError):
                bench.poll()

        assert bench.users == users(0, 1, 2)

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (Reply(b"<html>log in</html>"), AnswerError),
            (Reply(b"\x00\x01"), AnswerError),
            (Reply({"error": "no such account"}), AnswerError),
            (Reply(status=404), RequestError),
            (Reply(b'{"data": [%b1]}' % (b"1," * 100_000)), AnswerError),
        ],
    )
    def test_what_was_polled_before_stays_polled(
        self, reply: Reply, error: type[PollError]
    ) -> None:
        replies = [Reply({"data": rows(1, 2)}), reply]
        with serving(by_offset(rows(1, 2, 3), 2), *replies) as api:
            bench = Bench(config(url=api.url, pages=OFFSET, limits={"page_bytes": 100_000}))
            with pytest.raises(error):
                bench.poll()
            outcome = bench.poll()

        assert bench.users == users(1, 2, 3)
        assert outcome.repeated == 2

    def test_a_throttled_page_is_asked_for_again(self) -> None:
        throttled = Reply(status=429, headers={"Retry-After": "3"})
        with serving(by_offset(rows(1, 2), 1), throttled) as api:
            bench = Bench(config(url=api.url, pages=OFFSET))
            bench.poll()

        assert bench.users == users(1, 2)
        assert bench.pauses == [3.0]

    def test_what_the_stream_did_not_confirm_is_polled_again(self) -> None:
        with serving(by_offset(rows(1, 2), 1)) as api:
            bench = Bench(config(url=api.url, pages=OFFSET), MemoryStream([[], *[[0]] * 1000]))
            with pytest.raises(StreamError):
                bench.poll()
            bench.stream = MemoryStream()
            bench.poll()

        assert bench.users == users(2)

    def test_of_a_page_half_confirmed_the_rest_is_sent_again(self) -> None:
        records = rows(*range(MAX_BATCH_MESSAGES + 1))
        with serving(by_offset(records, len(records))) as api:
            bench = Bench(config(url=api.url, pages=OFFSET), MemoryStream([[], *[[0]] * 1000]))
            with pytest.raises(StreamError):
                bench.poll()
            bench.stream = MemoryStream()
            outcome = bench.poll()

        assert bench.users == users(MAX_BATCH_MESSAGES)
        assert (outcome.sent, outcome.repeated) == (1, MAX_BATCH_MESSAGES)

    def test_a_record_that_no_stream_record_holds_does_not_stop_the_others(self) -> None:
        large = rows(1)[0] | {"text": "x" * MAX_UNPACKED_RECORD_BYTES}
        with serving(by_offset([large, *rows(2)], 2)) as api:
            whole = {"id": "id", "userId": "user", "event": "event", "properties": "@"}
            bench = Bench(config(url=api.url, pages=OFFSET, map=whole))
            outcome = bench.poll()

        assert bench.users == users(2)
        assert outcome.refused == 1

    def test_of_two_pollers_with_one_id_one_is_told_and_nothing_differs(self) -> None:
        with serving(by_offset(rows(1), 1)) as api:
            bench = Bench(config(url=api.url, pages=OFFSET))
            other = bench.new_poll()
            other.store.load()
            begun = bench.new_poll()
            begun._load()
            bench.poll()
            with pytest.raises(ConflictError, match="run one poller for each config id"):
                begun._poll()

        assert len({entry.event_id for entry in bench.entries}) == 1


def timed(*times: datetime, first: int = 0) -> list[dict[str, Any]]:
    return [
        row | {"time": int(time.timestamp())}
        for row, time in zip(rows(*range(first, first + len(times))), times, strict=True)
    ]


def by_time(
    records: Sequence[dict[str, Any]], date: datetime | None = None, size: int = 1000
) -> Callable[[Asked], Reply]:
    """Return an API that gives records from a time on, by offset; ``date`` is its clock."""

    def respond(asked: Asked) -> Reply:
        since, until = int(asked.params["from"]), int(asked.params.get("to", 10**12))
        found = [each for each in records if since <= each["time"] < until]
        start = int(asked.params.get("offset", 0))
        headers = {"Date": format_datetime(date or NOW, usegmt=True)}
        return Reply({"data": found[start : start + size]}, headers=headers)

    return respond


def windowed(url: str, **changes: object) -> Config:
    incremental = {
        "type": "time",
        "since": "from",
        "format": "epoch_s",
        "start": "2026-02-27T12:00:00Z",
        "overlap": "10m",
        **changes,
    }
    return config(url=url, pages=OFFSET, map=TIMED, incremental=incremental)


class TestTimeWindows:
    """An API that is asked for records from a time on."""

    def test_goes_on_from_the_newest_record_less_the_overlap(self) -> None:
        records = timed(NOW - 60 * MINUTE, NOW - 30 * MINUTE)
        with serving(by_time(records)) as api:
            bench = Bench(windowed(api.url))
            bench.poll()
            records += timed(NOW, first=2)
            outcome = bench.poll()

        assert bench.users == users(0, 1, 2)
        assert int(api.asked[2].params["from"]) == (NOW - 40 * MINUTE).timestamp()
        assert (outcome.sent, outcome.repeated) == (1, 1)
        assert bench.state.mark == NOW

    def test_polls_a_record_that_becomes_visible_later_with_an_old_time(self) -> None:
        records = timed(NOW - 5 * MINUTE, NOW)
        with serving(by_time(records)) as api:
            bench = Bench(windowed(api.url))
            bench.poll()
            records += timed(NOW - 9 * MINUTE, first=2)
            bench.poll()
            bench.poll()

        assert bench.users == users(0, 1, 2)

    @pytest.mark.parametrize("whose", ["the poller's", "the API's", "the records'"])
    def test_a_clock_an_hour_ahead_loses_nothing(self, whose: str) -> None:
        hour = timedelta(hours=1)
        now = NOW + hour if whose == "the poller's" else NOW
        date = NOW + hour if whose == "the API's" else NOW
        records = timed(NOW - MINUTE, NOW + (hour if whose == "the records'" else timedelta()))
        for steps in ({}, {"until": "to", "step": "1d"}):
            shown = list(records)
            with serving(by_time(shown, date)) as api:
                bench = Bench(windowed(api.url, **steps), now=now)
                bench.poll()
                shown += timed(NOW + MINUTE, first=2)
                bench.now += 2 * MINUTE + (hour if whose == "the records'" else timedelta())
                bench.poll()
                bench.poll()

            assert sorted(bench.users) == users(0, 1, 2)

    def test_goes_through_history_in_steps(self) -> None:
        records = timed(*(NOW - hours * timedelta(hours=1) for hours in (47, 30, 20, 3)))
        with serving(by_time(records)) as api:
            bench = Bench(windowed(api.url, until="to", step="12h"))
            bench.poll()

        spans = {(int(each.params["from"]), int(each.params["to"])) for each in api.asked}
        assert len(spans) == 4
        assert max(until - since for since, until in spans) <= 12.2 * 3600
        assert sorted(bench.users) == users(0, 1, 2, 3)

    def test_a_step_that_ends_within_the_overlap_is_not_asked_for_again_and_again(self) -> None:
        with serving(by_time(timed(NOW - timedelta(days=1, minutes=5)))) as api:
            start = "2026-02-28T11:55:00Z"
            Bench(windowed(api.url, start=start, until="to", step="1d")).poll()

        assert {int(each.params["to"]) for each in api.asked} == {NOW.timestamp()}
        assert len(api.asked) == 2

    def test_a_step_that_the_clock_of_the_api_has_not_reached_ends_the_poll(self) -> None:
        with serving(by_time([], NOW - timedelta(days=2))) as api:
            Bench(windowed(api.url, until="to", step="12h")).poll()

        assert len(api.asked) == 1

    def test_sends_many_records_of_one_time_once(self) -> None:
        records = timed(*[NOW - MINUTE] * 100_000)
        with serving(by_time(records, size=25_000)) as api:
            bench = Bench(windowed(api.url))
            bench.poll()
            records += timed(NOW - MINUTE, first=100_000)
            outcome = bench.poll()

        assert (outcome.sent, outcome.repeated) == (1, 100_000)
        assert len(bench.messages) == 100_001
        assert len(set(bench.users)) == 100_001

    def test_an_api_that_ignores_the_window_doubles_nothing(self) -> None:
        records = timed(NOW - 2000 * MINUTE, NOW - MINUTE)
        with serving(by_offset(records, 10)) as api:
            bench = Bench(windowed(api.url))
            for _ in range(3):
                bench.poll()

        assert bench.users == users(0, 1)

    def test_a_quiet_api_is_asked_from_where_it_was(self) -> None:
        records = timed(NOW - 60 * MINUTE)
        with serving(by_time(records)) as api:
            bench = Bench(windowed(api.url))
            for _ in range(3):
                bench.now += timedelta(days=1)
                bench.poll()

        assert bench.state.mark == NOW - 60 * MINUTE

    def test_saves_within_a_long_walk(self) -> None:
        records = timed(*[NOW - MINUTE] * 4)
        with serving(by_time(records, size=1)) as api:
            bench = Bench(windowed(api.url))
            poll = bench.new_poll()
            seen: list[int] = []
            save = poll._save_now_and_then

            def save_after_a_while(walk: Walk) -> None:
                bench.clock += SAVED_EVERY
                save(walk)
                seen.append(len(bench.state.seen))

            poll._save_now_and_then = save_after_a_while  # type: ignore[method-assign]
            poll.run()

        assert seen[:4] == [1, 2, 3, 4]


FEED = {"type": "cursor", "param": "after", "next": "next"}


def feed(records: Sequence[Any], size: int, *, always_next: bool) -> Callable[[Asked], Reply]:
    """Return an API whose cursor is a position; at the end it has one, or none."""

    def respond(asked: Asked) -> Reply:
        start = int(asked.params.get("after", "0"))
        page = records[start : start + size]
        reached = start + len(page)
        is_end = len(page) < size
        return Reply({"data": page, "next": None if is_end and not always_next else reached})

    return respond


class TestSavedCursors:
    """An API that says where to go on, for ever."""

    @pytest.mark.parametrize("always_next", [True, False])
    def test_goes_on_where_it_was(self, always_next: bool) -> None:
        records = rows(0, 1, 2)
        with serving(feed(records, 2, always_next=always_next)) as api:
            bench = Bench(config(url=api.url, incremental=FEED))
            bench.poll()
            records += rows(3, 4)
            bench.poll()
            outcome = bench.poll()

        assert bench.users == users(0, 1, 2, 3, 4)
        assert outcome.sent == 0

    def test_saves_each_page(self) -> None:
        with serving(feed(rows(*range(6)), 2, always_next=True)) as api:
            bench = Bench(config(url=api.url, incremental=FEED))
            api.first += [
                Reply({"data": rows(0, 1), "next": 2}),
                Reply(b"<html>"),
            ]
            with pytest.raises(AnswerError):
                bench.poll()
            assert bench.state.cursor == "2"
            bench.poll()

        assert bench.users == users(*range(6))

    def test_of_a_page_half_confirmed_the_rest_is_sent_again(self) -> None:
        records = rows(*range(MAX_BATCH_MESSAGES + 1))
        with serving(feed(records, len(records), always_next=True)) as api:
            bench = Bench(config(url=api.url, incremental=FEED), MemoryStream([[], *[[0]] * 1000]))
            with pytest.raises(StreamError):
                bench.poll()
            bench.stream = MemoryStream()
            bench.poll()

        assert bench.users == users(MAX_BATCH_MESSAGES)

    def test_notices_a_cursor_that_leads_back(self) -> None:
        def respond(asked: Asked) -> Reply:
            position = int(asked.params.get("after", "0"))
            return Reply({"data": rows(position), "next": (position + 1) % 3})

        with serving(respond) as api:
            bench = Bench(config(url=api.url, incremental=FEED))
            with pytest.raises(PagingError, match="leads back to page"):
                bench.poll()


def test_an_event_happened_when_its_record_says() -> None:
    with serving(by_time(timed(NOW - MINUTE))) as api:
        bench = Bench(windowed(api.url))
        bench.poll()

    assert bench.messages[0]["timestamp"] == "2026-03-01T11:59:00.000000Z"
    assert datetime(2026, 3, 1, 12, tzinfo=UTC) == NOW
