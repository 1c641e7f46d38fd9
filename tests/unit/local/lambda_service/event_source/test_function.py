import pytest

from headwater_local.lambda_service.event_source.function import ResponseError, first_failed
from unit.local.lambda_service.event_source.builders import failures, records


@pytest.mark.parametrize(
    "response",
    [None, {}, {"batchItemFailures": None}, {"batchItemFailures": []}, {"other": "key"}],
)
def test_takes_nothing_said_as_success(response: object) -> None:
    assert first_failed(response, records(3)) is None


def test_finds_the_named_record() -> None:
    assert first_failed(failures("97"), records(3)) == 1


def test_of_several_takes_the_lowest_as_a_number_whatever_the_order() -> None:
    # 100 is before 99 as text, and after it as a number.
    assert first_failed(failures("101", "100", "99"), records(6)) == 3


@pytest.mark.parametrize(
    "response",
    [
        failures(""),
        failures(None),
        failures("12345"),
        failures("97", ""),
        failures(97),
        {"batchItemFailures": [{"badKey": "97"}]},
        {"batchItemFailures": [{}]},
        {"batchItemFailures": ["97"]},
        {"batchItemFailures": {"itemIdentifier": "97"}},
        {"batchItemFailures": "97"},
        [],
        "done",
        7,
        False,
    ],
)
def test_takes_what_it_cannot_read_as_failure_of_all(response: object) -> None:
    with pytest.raises(ResponseError):
        first_failed(response, records(3))
