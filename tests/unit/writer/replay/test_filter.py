from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from headwater_contract.tables import FAILED_RECORDS, STAGES
from headwater_writer.failures.lines import FOLDERS
from headwater_writer.replay.filter import Filter

ATTRIBUTES = dict(zip(Filter.__struct_encode_fields__, Filter.__struct_fields__, strict=True))
FIELDS = tuple(ATTRIBUTES)


def chosen_by(values: Mapping[str, str | None]) -> Filter:
    """Return the filter with these values, by their names in an event."""
    return Filter(**{ATTRIBUTES[name]: value for name, value in values.items()})


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T13:37:05.25", datetime(2026, 1, 31, 13, 37, 5, 250_000, tzinfo=UTC)),
        ("2026-01-31T13:37:05Z", datetime(2026, 1, 31, 13, 37, 5, tzinfo=UTC)),
        ("2026-01-31 01:00+05:30", datetime(2026, 1, 30, 19, 30, tzinfo=UTC)),
    ],
)
def test_takes_times_as_utc_unless_they_say_another_zone(text: str, time: datetime) -> None:
    assert Filter(since=text).first_moment() == time
    assert Filter(until=text).end() == time


def test_chooses_everything_without_a_field() -> None:
    assert Filter().given() == {}


def test_knows_its_fields_by_the_names_that_are_asked_for() -> None:
    values = dict.fromkeys(FIELDS, "2026-01-31") | {"stage": "shape", "to": "2026-02-01"}

    assert FIELDS == ("stage", "app", "from", "to", "reason", "shard", "sequence")
    assert chosen_by(values).given() == values
    assert chosen_by(dict.fromkeys(FIELDS)) == Filter()


@pytest.mark.parametrize("stage", STAGES)
def test_takes_every_stage_of_the_contract(stage: str) -> None:
    assert Filter(stage=stage).given() == {"stage": stage}


@pytest.mark.parametrize("stage", ["shapes", "Shape", " shape", "shape' or '1'='1", "*"])
def test_says_which_stages_there_are(stage: str) -> None:
    with pytest.raises(ValueError, match="collector, decode, shape, plan or retry"):
        Filter(stage=stage)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "text",
    [
        *["yesterday", "31.01.2026", "2026-02-30", "2026-01-31T25:00", "1769817600", "now()"],
        *["2026-01-31' or true", "10000-01-01", "0001-01-01T00:00+01:00"],
    ],
)
def test_says_what_a_time_looks_like(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"`{name}` is .*: write 2026-01-31 or"):
        chosen_by({name: text})


@pytest.mark.parametrize("until", ["2026-01-31", "2026-01-30", "2026-01-31T01:00+02:00"])
def test_refuses_a_time_that_ends_before_it_begins(until: str) -> None:
    with pytest.raises(ValueError, match="`from` must be earlier than `to`"):
        Filter(since="2026-01-31", until=until)


@pytest.mark.parametrize("name", FIELDS)
def test_refuses_an_empty_value(name: str) -> None:
    with pytest.raises(ValueError, match=f"`{name}` is empty"):
        chosen_by({name: ""})


@pytest.mark.parametrize("name", FIELDS)
def test_refuses_what_is_not_unicode(name: str) -> None:
    with pytest.raises(ValueError, match=f"`{name}` is not Unicode"):
        chosen_by({name: "a\udc80"})


@pytest.mark.parametrize("name", ["stage", "from", "to"])
def test_quotes_little_of_what_it_refuses(name: str) -> None:
    with pytest.raises(ValueError, match=name) as refused:
        chosen_by({name: "\U000e0001" * 100_000})

    assert len(str(refused.value)) < 250


def test_stages_are_those_that_records_fail_in() -> None:
    [stage] = [column for column in FAILED_RECORDS.columns if column.name == "stage"]

    assert list(FOLDERS) == list(STAGES)
    assert all(f"{name} ({meaning})" in stage.meaning for name, meaning in STAGES.items())
