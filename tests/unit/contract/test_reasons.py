import pytest

from headwater_contract.reasons import kind, without_quotes


@pytest.mark.parametrize(
    ("reason", "rest"),
    [
        ("event is missing", "event is missing"),
        ("the type 'no such type' is unknown", "the type … is unknown"),
        ("timestamp 'it\\'s me' is not a date-time", "timestamp … is not a date-time"),
        ("an object was expected, not b'{secret'", "an object was expected, not …"),
        ('an object was expected, not b"it\'s"', "an object was expected, not …"),
        ("the record's header: KeyError('v')", "the record's header: KeyError(…)"),
        ("the type 'cut off before its end is unknown", "the type …"),
        ("over\n'two\nlines'", "over\n…"),
    ],
)
def test_a_reason_is_shown_without_its_quotations(reason: str, rest: str) -> None:
    assert without_quotes(reason) == rest


def test_a_reason_is_cut_off() -> None:
    assert len(without_quotes("word " * 1000)) == 200


def test_reasons_that_differ_in_a_quotation_or_a_number_are_of_one_kind() -> None:
    one, other = "item 17 is 'a': at most 32 KB", "item 4 is 'b': at most 64 KB"

    assert kind(one) == kind(other) == "item 0 is …: at most 0 KB"
