"""The views that a deployment makes, in Glue's catalog as Athena keeps them, and read by Trino."""

from dataclasses import replace

import pytest

from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_local.questions import pack
from headwater_writer.tracking_plan import parse
from headwater_writer.views.catalog import Catalog
from headwater_writer.views.view import ViewError
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.queries import golden
from integration.writer.queries.lakes import RULES, GoldenLake
from integration.writer.queries.trino import Trino
from unit.queries.asking import same

# Trino and Spark start with the first test.
pytestmark = [*SPARK, pytest.mark.timeout(1800)]

VIEWS = pack.views()
PLAN = parse.parse(b"version: 1\nevents: {order_paid: {properties: {total: double}}}")


def catalog(place: Place) -> Catalog:
    return Catalog(aws_client.glue(place.endpoint), place.database)


@pytest.mark.parametrize("name", VIEWS)
def test_trino_reads_a_view_as_duckdb_does(
    name: str, server: Trino, golden_lake: GoldenLake
) -> None:
    catalog(golden_lake.place).keep(VIEWS)

    columns = ", ".join(sorted(column for column in _columns(golden_lake, name)))
    asked = f"SELECT {columns} FROM {name}"
    found = server.run(asked, golden_lake.place.database).rows
    assert found
    same(found, golden_lake.duckdb.execute(asked).fetchall())


def test_a_view_of_no_rows_answers(server: Trino, place: Place) -> None:
    place.lake().tables()
    assert set(catalog(place).keep(VIEWS)) == set(VIEWS)

    for name in VIEWS:
        assert server.run(f"SELECT * FROM {name}", place.database).rows == []


def test_a_column_of_a_plan_leaves_no_view_stale_and_comes_into_it(
    server: Trino, place: Place
) -> None:
    place.lake().tables()
    catalog(place).keep(VIEWS)
    before = server.run("SELECT * FROM unique_events", place.database)

    place.writer(replace(RULES, plan=PLAN)).write(golden.records())
    meanwhile = server.run("SELECT * FROM unique_events", place.database)
    assert catalog(place).keep(VIEWS) == ["unique_events"]
    after = server.run("SELECT * FROM unique_events WHERE prop_total > 0", place.database)

    assert before.columns == meanwhile.columns == [column.name for column in EVENTS.columns]
    assert meanwhile.rows
    assert after.columns == [*before.columns, "prop_total"]
    assert after.rows


def test_a_view_that_is_as_it_should_be_stays(place: Place) -> None:
    place.lake().tables()
    catalog(place).keep(VIEWS)

    assert catalog(place).keep(VIEWS) == []


def test_a_table_of_that_name_stays_and_the_other_views_are_made(place: Place) -> None:
    place.lake().tables()
    glue = aws_client.glue(place.endpoint)
    glue.create_table(
        DatabaseName=place.database, TableInput={"Name": "users", "TableType": "EXTERNAL_TABLE"}
    )

    with pytest.raises(ViewError) as raised:
        catalog(place).keep(VIEWS)

    assert str(raised.value) == (
        f"cannot make the view users: the database {place.database} has a table of that name: "
        "rename the table, and apply again"
    )
    held = glue.get_tables(DatabaseName=place.database)["TableList"]
    kinds = {table["Name"]: table["TableType"] for table in held}
    assert kinds["users"] == "EXTERNAL_TABLE"
    assert kinds["sessions"] == kinds["unique_events"] == "VIRTUAL_VIEW"


def _columns(lake: GoldenLake, name: str) -> list[str]:
    return [each[0] for each in lake.duckdb.execute(f"DESCRIBE {name}").fetchall()]
