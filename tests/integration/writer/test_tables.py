"""Tables are created from the contract, as another implementation of Iceberg reads them."""

from dataclasses import replace

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

from headwater_contract.tables import EVENTS, TABLES, Column, ColumnType
from headwater_writer import ddl
from integration.writer.marks import SPARK
from integration.writer.place import Place

pytestmark = SPARK

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

    lake._add_missing_columns(seen_before, replace(EVENTS, columns=(*EVENTS.columns, column)))

    assert place.table("events").schema().column_names[-1] == "prop_total"


def test_drops_a_table(place: Place) -> None:
    lake = place.lake()
    lake.table(EVENTS)

    lake.drop(EVENTS)

    assert not place.holds("events")
