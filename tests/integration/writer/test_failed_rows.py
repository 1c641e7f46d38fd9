"""Which failed records a filter chooses, on real Spark and Iceberg."""

from collections.abc import Callable
from typing import TypeAlias

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from headwater_writer.replay.failed_rows import FailedRows, RecordPosition
from headwater_writer.replay.filter import Filter
from headwater_writer.spark.options import MEMORY
from integration.writer.marks import SPARK

pytestmark = SPARK

Choose: TypeAlias = Callable[..., list[str]]

SHARDS = ("clicks/shardId-000000000000", "clicks/shardId-000000000001")

FIELDS = ("ingest_sequence", "failed_at", "stage", "app_id", "reason", "ingest_shard")
ROWS = [
    ("1", "0001-01-01T00:00:00", "decode", None, "the record's header is not ours", SHARDS[0]),
    ("2", "2026-01-30T23:59:59.999999", "plan", "shop", "100% of Größe", SHARDS[0]),
    ("3", "2026-01-31T00:00:00", "plan", "Shop", "1000 of größe", SHARDS[0]),
    ("4", "2026-01-31T12:00:00", "shape", "shop", "a_b: it's a \\ or a `tick`\n", SHARDS[0]),
    ("4", "2026-01-31T12:00:00", "shape", "blog", "axb", SHARDS[1]),
    ("5", "9999-12-31T23:59:59", "retry", "' or '1'='1", "ΜΈΓΕΘΟΣ", SHARDS[1]),
]
ALL = ["1", "2", "3", "4", "4", "5"]


@pytest.fixture(scope="module")
def table(spark: SparkSession) -> str:
    """The name of a table of failed records."""
    name = f"{MEMORY}.filtered.failed_records"
    rows = [dict(zip(FIELDS, row, strict=True)) for row in ROWS]
    found = pa.Table.from_pylist(rows)
    times = found["failed_at"].cast(pa.timestamp("us"))
    found = found.set_column(FIELDS.index("failed_at"), "failed_at", times)
    found = found.append_column("ingest_index", pa.array([0] * len(ROWS), pa.int32()))
    found = found.append_column("raw", pa.array([b"raw"] * len(ROWS)))
    found = found.append_column("envelope", pa.array([None, "{}"] * len(ROWS))[: len(ROWS)])
    spark.sql(f"create namespace {MEMORY}.filtered")
    spark.createDataFrame(found).writeTo(name).create()
    return name


@pytest.fixture
def choose(spark: SparkSession, table: str) -> Choose:
    """Choose by fields and return the sequence numbers of the rows, by shard."""

    def chosen(after: RecordPosition | None = None, **fields: str) -> list[str]:
        runs = FailedRows(spark, table, Filter(**fields), after).runs()
        return [row["ingest_sequence"] for run in runs for row in run]

    return chosen


def test_chooses_all_without_a_field(choose: Choose) -> None:
    assert choose() == ALL


@pytest.mark.parametrize(
    ("fields", "sequences"),
    [
        ({"stage": "plan"}, ["2", "3"]),
        ({"stage": "collector"}, []),
        ({"app": "shop"}, ["2", "4"]),
        ({"app": "' or '1'='1"}, ["5"]),
        ({"sequence": "4"}, ["4", "4"]),
        ({"shard": SHARDS[1]}, ["4", "5"]),
        ({"shard": SHARDS[1], "sequence": "4"}, ["4"]),
        ({"stage": "shape", "app": "shop", "reason": "it's", "since": "2026-01-31"}, ["4"]),
        ({"stage": "shape", "app": "shop", "reason": "axb"}, []),
    ],
)
def test_chooses_what_all_fields_say(
    choose: Choose, fields: dict[str, str], sequences: list[str]
) -> None:
    assert choose(**fields) == sequences


@pytest.mark.parametrize(
    ("fields", "sequences"),
    [
        ({"since": "2026-01-31"}, ["3", "4", "4", "5"]),
        ({"until": "2026-01-31"}, ["1", "2"]),
        ({"since": "2026-01-30T23:59:59.999999Z", "until": "2026-01-31T12:00"}, ["2", "3"]),
        ({"since": "2026-01-31T13:00+02:00", "until": "2026-01-31T14:00:01+02:00"}, ["4", "4"]),
        ({"since": "0001-01-01", "until": "9999-12-31T23:59:59"}, ["1", "2", "3", "4", "4"]),
        ({"since": "9999-12-31T23:59:59.999999Z"}, []),
    ],
)
def test_takes_the_first_moment_and_leaves_the_end_out(
    choose: Choose, fields: dict[str, str], sequences: list[str]
) -> None:
    assert choose(**fields) == sequences


@pytest.mark.parametrize(
    ("reason", "sequences"),
    [
        ("100%", ["2"]),
        ("%", ["2"]),
        ("a_b", ["4"]),
        ("A_B: IT'S", ["4"]),
        ("\\", ["4"]),
        ("`tick`\n", ["4"]),
        ("GRÖSSE", ["2", "3"]),
        ("μέγεθος", ["5"]),
        ("h.ader", []),
        ("\0", []),
        ("x" * 100_000, []),
    ],
)
def test_looks_for_a_text_and_not_for_a_pattern(
    choose: Choose, reason: str, sequences: list[str]
) -> None:
    assert choose(reason=reason) == sequences


@pytest.mark.parametrize("name", ["app", "reason", "shard", "sequence"])
@pytest.mark.parametrize(
    "text",
    [
        "cast(reflect('java.lang.System', 'getenv', 'PATH') as int) = 1",
        "(select max(value) from text.`file:///etc/hostname`)",
        "1=1) or (1=1",
        "x' or 'x' = 'x",
        "${java.home}",
        "no_such_column",
        "*",
    ],
)
def test_takes_no_value_for_more_than_a_text(choose: Choose, name: str, text: str) -> None:
    assert choose(**{name: text}) == []


def test_goes_on_within_what_is_chosen(choose: Choose) -> None:
    assert choose((SHARDS[0], "3"), since="2026-01-31") == ["4", "4", "5"]
