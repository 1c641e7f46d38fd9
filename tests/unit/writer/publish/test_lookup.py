import pytest

from headwater_contract.tables import EVENTS, FAILED_RECORDS
from headwater_writer.publish.lookup import WHOLE, Held, lacking, position, sequence
from headwater_writer.publish.repeats import digest
from unit.writer.builders import failed_row, row

NOTHING = Held(())


def test_position_is_the_record_and_the_place_in_it() -> None:
    assert position(failed_row(7, 3)) == ("7", 3)
    assert position(row(7)) == ("7", 0)


def test_position_of_an_unreadable_record_is_the_whole_of_it() -> None:
    assert position(failed_row(7, stage="decode")) == ("7", WHOLE)


def test_sequence_of_a_row_is_a_number() -> None:
    assert sequence(row(7)) == 7


@pytest.mark.parametrize("index", [0, 1])
def test_unreadable_record_that_is_held_holds_each_of_its_messages(index: int) -> None:
    held = Held([("7", WHOLE)])

    assert failed_row(7, index) in held
    assert failed_row(8, index) not in held


def test_unreadable_record_is_held_by_any_of_its_messages() -> None:
    held = Held([("7", 1)])

    assert failed_row(7, stage="decode") in held
    assert failed_row(8, stage="decode") not in held


def test_lacking_rows_are_those_whose_position_is_not_held() -> None:
    assert lacking(EVENTS, [row(1), row(2)], Held([("1", 0)]), ()) == [row(2)]


def test_lacking_rows_are_those_whose_event_is_not_there() -> None:
    known = {digest(EVENTS, row(9, "m-1"))}

    assert lacking(EVENTS, [row(1), row(2)], NOTHING, known) == [row(2)]


def test_lacking_rows_do_not_come_earlier_among_them() -> None:
    rows = [row(1), row(2, "m-1"), row(1, "m-2"), row(3)]

    assert lacking(EVENTS, rows, NOTHING, ()) == [row(1), row(3)]


def test_lacking_messages_that_share_an_id_and_differ_are_two() -> None:
    rows = [row(1, "7"), row(2, "7") | {"event_type": "Order Refunded"}]

    assert lacking(EVENTS, rows, NOTHING, ()) == rows


def test_lacking_failed_records_are_known_by_their_position_alone() -> None:
    one, other = failed_row(1), failed_row(1, 1)

    assert lacking(FAILED_RECORDS, [one, other, one], NOTHING, ()) == [one, other]
