import re

import pytest

from headwater_contract.columns import ColumnType, Table
from headwater_contract.tables import EVENTS, IDENTIFIES, TABLES

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def originals(table: Table) -> set[str]:
    return {column.name for column in table.columns if column.original}


@every_table
def test_names_each_column_once(table: Table) -> None:
    assert len(names(table)) == len(set(names(table)))


@every_table
def test_uses_names_that_sql_takes_unquoted(table: Table) -> None:
    assert all(re.fullmatch("[a-z][a-z_]*", name) for name in [table.name, *names(table)])


@every_table
def test_partitions_by_a_time_of_its_own(table: Table) -> None:
    types = {column.name: column.type for column in table.columns}

    assert types[table.partition_time] is ColumnType.TIMESTAMP


@every_table
def test_sorts_and_prunes_by_columns_of_its_own(table: Table) -> None:
    assert {*table.sorted_by, *table.pruned_by} <= set(names(table))


@every_table
def test_prunes_by_its_partition_time(table: Table) -> None:
    assert table.partition_time in table.pruned_by


@every_table
def test_says_what_each_column_means(table: Table) -> None:
    assert all(column.meaning for column in table.columns)


@every_table
def test_keeps_the_stream_position_of_every_row(table: Table) -> None:
    assert {"ingest_shard", "ingest_sequence", "ingest_index"} <= set(names(table))


def test_keeps_every_column_of_manymetrics_events() -> None:
    assert originals(EVENTS) == {
        "event_time",
        "event_type",
        "user_id",
        "session_id",
        "client_event_time",
        "server_event_time",
        "ip_address",
        "user_agent",
        "host",
        "path",
        "referrer",
    }


def test_keeps_every_column_of_manymetrics_identifies() -> None:
    assert {"prev_user_id", "new_user_id"} <= originals(IDENTIFIES)


def test_gives_a_column_of_two_tables_the_same_type() -> None:
    types = {(column.name, column.type) for table in TABLES for column in table.columns}

    assert len(types) == len({name for name, _ in types})
