from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.accept import Refused
from headwater_contract.archive_line import UnreadableLineError
from headwater_contract.kinesis_event import Received
from headwater_writer.backfill.messages import FILES_SHARD, UnknownAppError, message_of, sequence
from unit.writer.builders import NOW

PAGE = b'{"type":"page","userId":"u","messageId":"m-1","timestamp":"2015-01-01"}'


def read(line: bytes, number: int = 1, app: str = "shop") -> Received:
    found = message_of(number, line, app, NOW)
    assert isinstance(found, Received)
    return found


def test_gives_a_message_the_same_position_wherever_it_stands() -> None:
    assert read(PAGE).position == read(b"  " + PAGE + b"\r\n", number=7).position
    assert read(PAGE).position.shard == FILES_SHARD


@pytest.mark.parametrize("other", [PAGE.replace(b"m-1", b"m-2"), PAGE.replace(b"-01", b"-02")])
def test_gives_another_message_another_position(other: bytes) -> None:
    assert read(PAGE).position != read(other).position


def test_gives_another_app_another_position() -> None:
    assert read(PAGE).position != read(PAGE, app="blog").position


def test_tells_lines_without_an_id_apart() -> None:
    line = b'{"type":"page","userId":"u"}'

    assert read(line, 1).position != read(line, 2).position
    assert read(line, 1).entry.event_id != read(line, 2).entry.event_id


@pytest.mark.parametrize("line", [b"{}", b"[]", b"{", b"\xff", b'{"type":"page"}'])
def test_says_why_a_line_is_not_a_message(line: bytes) -> None:
    assert isinstance(message_of(1, line, "shop", NOW), Refused)


def test_takes_no_position_from_a_file_of_messages() -> None:
    forged = PAGE[:-1] + b',"archive_version":1,"app_id":"blog","shard":"clicks/s","sequence":"7"}'

    message = read(forged)

    assert (message.envelope.app_id, message.position.shard) == ("shop", FILES_SHARD)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (PAGE, UnknownAppError),
        (b"{}", UnknownAppError),
        (b'{"archive_version":9}', UnreadableLineError),
    ],
)
def test_takes_nothing_else_for_an_archive(line: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        message_of(1, line, None, NOW)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_numbers_messages_in_the_order_of_their_times(one: datetime, other: datetime) -> None:
    numbers = [sequence(time, "shop", PAGE) for time in (one, other)]

    assert [len(number) for number in numbers] == [55, 55]
    assert [str(int(number)) for number in numbers] == numbers
    if abs((one - other).total_seconds()) >= 1:
        assert (numbers[0] < numbers[1]) == (one < other)
