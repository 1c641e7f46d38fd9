"""Tables are created from the contract, as another implementation of Iceberg reads them."""

from dataclasses import replace

import pytest
from pyarrow import BufferReader
from pyarrow.parquet import read_metadata
from pyiceberg.transforms import DayTransform
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    IcebergType,
    IntegerType,
    MapType,
    StringType,
    TimestampType,
)

from headwater_contract.columns import Column, ColumnType, Table
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.tables import EVENTS, TABLES
from headwater_writer.lake import ddl, search
from headwater_writer.lake.properties import FORMS, repaired
from headwater_writer.rows.rows import Rules
from headwater_writer.spark.options import CATALOG
from headwater_writer.writer import rows_of
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import SHARD, entry, now, record

pytestmark = SPARK

SEQUENCES = (
    49590338271490256608559692538361571095921575989136588898,
    49590338271490256608559692540925702759324208523137515618,
    49590338271490256608559692540925702759324208523137515630,
)
"""Of one shard: the first two as in the AWS Lambda developer guide's example of an event."""

EXPIRY = ("history.expire.max-snapshot-age-ms", "history.expire.min-snapshots-to-keep")

TYPES: dict[ColumnType, type[IcebergType]] = {
    ColumnType.STRING: StringType,
    ColumnType.INT: IntegerType,
    ColumnType.BOOLEAN: BooleanType,
    ColumnType.TIMESTAMP: TimestampType,
    ColumnType.BINARY: BinaryType,
    ColumnType.STRING_MAP: MapType,
}


def test_creates_the_tables_of_the_contract(place: Place) -> None:
    place.lake().tables()

    for contract in TABLES:
        table = place.table(contract.name)
        columns = [
            (field.name, type(field.field_type), field.doc) for field in table.schema().fields
        ]
        assert columns == [
            (column.name, TYPES[column.type], column.meaning) for column in contract.columns
        ]
        assert not any(field.required for field in table.schema().fields)
        assert table.location() == f"{place.warehouse}/{contract.name}"


def test_partitions_and_sorts_as_the_contract_says(place: Place) -> None:
    place.lake().tables()

    for contract in TABLES:
        table = place.table(contract.name)
        [partition] = table.spec().fields
        assert table.schema().find_column_name(partition.source_id) == contract.partition_time
        assert isinstance(partition.transform, DayTransform)
        assert [
            table.schema().find_column_name(field.source_id) for field in table.sort_order().fields
        ] == list(contract.sorted_by)


def test_sets_the_properties(place: Place) -> None:
    place.lake().tables()

    for contract in TABLES:
        table = place.table(contract.name)
        expected = dict(ddl.properties(contract))
        assert table.metadata.format_version == int(expected.pop("format-version"))
        assert expected.items() <= table.properties.items()


def test_leaves_a_table_alone_that_is_there(place: Place) -> None:
    place.lake().table(EVENTS)
    created = place.table("events").metadata_location

    place.lake().table(EVENTS)

    assert place.table("events").metadata_location == created


def test_adds_the_columns_that_came_to_the_contract_since(place: Place) -> None:
    place.lake().table(replace(EVENTS, columns=EVENTS.columns[:-1]))

    place.lake().table(EVENTS)

    names = [field.name for field in place.table("events").schema().fields]
    assert names == [column.name for column in EVENTS.columns]


def test_adds_a_column_to_a_table_that_others_have_changed_meanwhile(place: Place) -> None:
    lake = place.lake()
    lake.table(EVENTS)
    seen_before = lake._load_or_create(EVENTS)
    place.hurry("events")
    column = Column("prop_total", ColumnType.DOUBLE, "", "", promoted=True)

    lake._bring_up_to_date(seen_before, replace(EVENTS, columns=(*EVENTS.columns, column)))

    assert place.table("events").schema().column_names[-1] == "prop_total"


def test_keeps_the_statistics_that_are_wanted_now(place: Place) -> None:
    place.lake().table(replace(EVENTS, columns=EVENTS.columns[:-3], pruned_by=("event_time",)))
    of_its_operator = {"write.metadata.previous-versions-max": "700"}
    place.set_properties("events", of_its_operator)

    place.lake().table(EVENTS)

    wanted = {**ddl.statistics(EVENTS), **of_its_operator}
    assert wanted.items() <= place.table("events").properties.items()


def test_files_hold_dictionaries_but_of_what_no_two_rows_share(place: Place) -> None:
    place.writer(now=now).write([record(number) for number in range(1, 30)])

    table = place.table("events")
    [path] = table.inspect.files()["file_path"].to_pylist()
    with table.io.new_input(str(path)).open() as file:
        group = read_metadata(BufferReader(file.read())).row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    plain = {each.path_in_schema for each in columns if not each.has_dictionary_page}
    assert {*EVENTS.varied} <= plain
    assert {"app_id", "ingest_shard", "user_agent"}.isdisjoint(plain)


def test_keeps_the_encodings_that_an_operator_has_chosen(place: Place) -> None:
    chosen = {"write.parquet.dict-encoding-enabled.column.context": "true"}
    place.lake().table(EVENTS)
    place.set_properties("events", chosen)

    place.lake().table(EVENTS)

    assert chosen.items() <= place.table("events").properties.items()


def test_brings_a_table_of_an_earlier_version_up_to_date(place: Place) -> None:
    place.lake().table(EVENTS)
    place.edit("events", {"write.metadata.previous-versions-max": "20"})
    place.edit("events", dict.fromkeys(("write.metadata.compression-codec", *EXPIRY), None))

    place.writer(now=now).write([record(1)])

    table = place.table("events")
    assert (
        dict(ddl.properties(EVENTS)).items() - {("format-version", "2")} <= table.properties.items()
    )
    assert table.metadata_location.endswith(".gz.metadata.json")
    assert place.sequences("events") == [1]


@pytest.mark.parametrize("nonsense", ["soon", "-1", ""])
def test_writes_to_a_table_whose_properties_are_nonsense(place: Place, nonsense: str) -> None:
    place.lake().table(EVENTS)
    of_no_column = f"write.metadata.metrics.column.{nonsense}"
    place.edit("events", dict.fromkeys((*FORMS, of_no_column), nonsense))

    place.writer(now=now).write([record(1)])

    properties = place.table("events").properties
    assert place.sequences("events") == [1]
    assert repaired(properties) == properties
    assert of_no_column not in properties


def test_knows_every_property_that_iceberg_reads_as_a_number(place: Place) -> None:
    numbers = {name for name, kind in iceberg_properties(place).items() if kind in ("int", "long")}
    elsewhere = ("write.orc.", "read.orc.", "encryption.")

    unknown = {name for name in numbers - FORMS.keys() if not name.startswith(elsewhere)}

    assert unknown == set()


def iceberg_properties(place: Place) -> dict[str, str]:
    """Return the type of each property by its name, as far as Iceberg has a default for it."""
    java = place.spark.sparkContext._jvm.java.lang  # type: ignore[union-attr]
    loader = java.Thread.currentThread().getContextClassLoader()
    of_java = loader.loadClass("org.apache.iceberg.TableProperties").getFields()
    fields = {field.getName(): field for field in of_java}
    return {
        fields[name.removesuffix("_DEFAULT")].get(None): field.getType().getName()
        for name, field in fields.items()
        if name.endswith("_DEFAULT") and name.removesuffix("_DEFAULT") in fields
    }


@pytest.mark.parametrize("contract", TABLES, ids=lambda contract: contract.name)
def test_finds_a_record_of_kinesis_in_one_file_of_many(place: Place, contract: Table) -> None:
    writer = place.writer(now=now)
    for sequence in SEQUENCES:
        records = [record(sequence, entry(str(sequence), "identify"))]
        records.append(ReceivedRecord(SHARD, str(sequence + 1), b"poison"))
        writer.write(records)

    held = place.table(contract.name).scan(selected_fields=("ingest_sequence",)).to_arrow()
    plans = [
        place.table(contract.name).scan(f"ingest_sequence == '{sequence}'").plan_files()
        for sequence in held["ingest_sequence"]
    ]

    assert [len(list(plan)) for plan in plans] == [1] * len(SEQUENCES)


@pytest.mark.parametrize("numbers", [(8, 9, 10, 11), (99, 100, 101)])
@pytest.mark.parametrize("few", [0, search.FEW], ids=["as a table", "as a list"])
def test_finds_records_whose_numbers_differ_in_length(
    place: Place, numbers: tuple[int, ...], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    place.writer(now=now).write([record(number) for number in numbers])
    wanted = {str(number) for number in numbers}

    found = search.positions(
        EVENTS, place.spark.table(f"{CATALOG}.{place.database}.events"), SHARD, wanted
    )

    assert found == {(number, 0) for number in wanted}


@pytest.mark.parametrize("few", [0, search.FEW], ids=["as a table", "as a list"])
def test_finds_events_whatever_their_ids(
    place: Place, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    odd = ["it's", 'a "b"', "back\\slash", "line\nbreak", "nul\0", "ünï ✓ 🍋", "%_", "{}"]
    entries = [entry(each) for each in odd]
    rows = rows_of([record(SEQUENCES[0], *entries)], Rules(), now())[EVENTS.name]
    place.writer(now=now).write([record(SEQUENCES[0], *entries[1:])])

    held = place.spark.table(f"{CATALOG}.{place.database}.events")
    found = search.events(EVENTS, held, rows)

    assert len(found) == len(odd) - 1


def test_drops_a_table(place: Place) -> None:
    lake = place.lake()
    lake.table(EVENTS)

    lake.drop(EVENTS)

    assert not place.holds("events")
