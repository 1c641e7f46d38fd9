"""That Iceberg reads these as numbers is shown by `integration/writer/test_tables.py`."""

import pytest

from headwater_contract.tables import EVENTS
from headwater_writer.lake import ddl
from headwater_writer.lake.properties import (
    FORMS,
    Choice,
    Whole,
    repaired,
    without_stray_statistics,
)

VERSIONS = "write.metadata.previous-versions-max"
CODEC = "write.metadata.compression-codec"
AGE = "history.expire.max-snapshot-age-ms"
FLOOR = "history.expire.min-snapshots-to-keep"

NEW = {name: text for name, text in ddl.properties(EVENTS).items() if name != "format-version"}

numbers = pytest.mark.parametrize(
    "name", [name for name, form in FORMS.items() if isinstance(form, Whole)]
)
words = pytest.mark.parametrize(
    "name", [name for name, form in FORMS.items() if isinstance(form, Choice)]
)


def test_leaves_a_new_table_as_it_is() -> None:
    assert repaired(NEW) == NEW


def test_brings_a_table_of_an_earlier_version_up_to_date() -> None:
    earlier = {name: text for name, text in NEW.items() if name != CODEC} | {VERSIONS: "20"}

    assert repaired(earlier) == NEW


def test_keeps_versions_for_longer_than_a_lost_commit_is_repeated() -> None:
    tries, seconds_a_try, commits_a_second = 4, 30, 4

    kept = int(repaired({})[VERSIONS])

    assert kept >= tries * seconds_a_try * commits_a_second
    assert kept == 500


def test_compresses_metadata() -> None:
    assert repaired({})[CODEC] == "gzip"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (VERSIONS, "501"),
        (VERSIONS, "100000"),
        (CODEC, "none"),
        (CODEC, "GZIP"),
        (AGE, "0"),
        (AGE, str(30 * 24 * 60 * 60 * 1000)),
        (FLOOR, "1"),
        (FLOOR, "5000"),
        ("commit.retry.num-retries", "0"),
        ("commit.retry.total-timeout-ms", "60000"),
        ("commit.manifest-merge.enabled", "false"),
        ("write.metadata.delete-after-commit.enabled", "False"),
        ("write.parquet.compression-codec", "snappy"),
        ("write.target-file-size-bytes", "134217728"),
        ("write.distribution-mode", "hash"),
        ("owner", ""),
        ("headwater.ledger.writer/clicks/shardId-000000000000", "1-2"),
    ],
)
def test_keeps_what_an_operator_set(name: str, text: str) -> None:
    assert repaired({**NEW, name: text}) == {**NEW, name: text}


@numbers
@pytest.mark.parametrize(
    "text", ["", " ", "soon", "-1", "1.5", "1e3", "0x10", "1_000", "5 ", "\u0665", str(2**63), "+5"]
)
def test_corrects_what_is_not_a_number(name: str, text: str) -> None:
    assert repaired({**NEW, name: text}) == NEW


@words
@pytest.mark.parametrize("text", ["", "yes", "-1", "gzip;none"])
def test_puts_right_what_is_none_of_the_words(name: str, text: str) -> None:
    assert repaired({**NEW, name: text}) == NEW


@pytest.mark.parametrize("text", ["0", "1", "20", "499"])
def test_keeps_no_fewer_versions_than_are_needed(text: str) -> None:
    assert repaired({**NEW, VERSIONS: text}) == NEW


@pytest.mark.parametrize("name", [FLOOR, "write.target-file-size-bytes"])
def test_puts_right_what_must_be_more_than_nothing(name: str) -> None:
    assert repaired({**NEW, name: "0"}) == NEW


@pytest.mark.parametrize("name", sorted(NEW.keys() & ddl.PROPERTIES.keys()))
def test_adds_what_is_missing(name: str) -> None:
    lacking = {other: text for other, text in NEW.items() if other != name}

    assert repaired(lacking) == NEW


def test_every_number_of_a_new_table_has_a_form() -> None:
    assert {name for name, text in NEW.items() if text.isdecimal()} <= FORMS.keys()


def test_takes_away_statistics_of_columns_that_are_not_there() -> None:
    metrics = "write.metadata.metrics.column."
    there = {f"{metrics}event_time": "full", f"{metrics}headers.key": "none", "owner": "me"}

    kept = without_stray_statistics(
        {**there, f"{metrics}evnt_time": "full"}, {"event_time", "headers"}
    )

    assert kept == there
