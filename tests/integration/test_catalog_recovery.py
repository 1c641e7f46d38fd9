"""Tables that outlive the stand-in's catalog, with real Iceberg tables."""

import json

import pyarrow as pa
import pytest
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.table import Table

from headwater_local import aws_client, names
from headwater_local.ministack.catalog_recovery import recover_catalog
from headwater_local.ministack.provision import provision
from integration.conftest import StandIn

ROWS = pa.table({"event_id": pa.array(["a", "b"], pa.string())})


def _catalog(endpoint: str) -> GlueCatalog:
    return GlueCatalog(
        "stand-in",
        client=aws_client.glue(endpoint),
        **{
            "s3.endpoint": endpoint,
            "s3.region": names.REGION,
            "s3.access-key-id": aws_client.DUMMY_KEY,
            "s3.secret-access-key": aws_client.DUMMY_KEY,
        },
    )


def _create(endpoint: str) -> Table:
    return _catalog(endpoint).create_table(
        (names.DATABASE, "events"), ROWS.schema, location=f"{names.WAREHOUSE}/events"
    )


def _rows(endpoint: str) -> int:
    table = _catalog(endpoint).load_table((names.DATABASE, "events"))
    return int(table.scan().to_arrow().num_rows)


@pytest.fixture
def running(own_stand_in: StandIn) -> StandIn:
    own_stand_in.start()
    provision(own_stand_in.endpoint)
    return own_stand_in


def _lose_power(running: StandIn) -> None:
    running.kill()
    running.start()
    provision(running.endpoint)


def test_registers_a_table_that_the_catalog_never_saved(running: StandIn) -> None:
    _create(running.endpoint).append(ROWS)

    _lose_power(running)

    assert recover_catalog(running.endpoint) == ["events"]
    assert _rows(running.endpoint) == 2


def test_moves_a_table_forward_to_its_last_commit(running: StandIn) -> None:
    table = _create(running.endpoint)
    table.append(ROWS)
    running.stop()
    running.start()
    _catalog(running.endpoint).load_table((names.DATABASE, "events")).append(ROWS)

    _lose_power(running)

    assert recover_catalog(running.endpoint) == ["events"]
    assert _rows(running.endpoint) == 4


def test_a_recovered_table_takes_commits(running: StandIn) -> None:
    _create(running.endpoint).append(ROWS)
    _lose_power(running)
    recover_catalog(running.endpoint)

    _catalog(running.endpoint).load_table((names.DATABASE, "events")).append(ROWS)

    assert _rows(running.endpoint) == 4


def test_leaves_a_current_catalog_as_it_is(aws_endpoint: str) -> None:
    provision(aws_endpoint)
    _create(aws_endpoint).append(ROWS)
    glue = aws_client.glue(aws_endpoint)
    before = glue.get_table(DatabaseName=names.DATABASE, Name="events")["Table"]["VersionId"]

    assert recover_catalog(aws_endpoint) == []
    after = glue.get_table(DatabaseName=names.DATABASE, Name="events")["Table"]["VersionId"]
    assert after == before


def test_the_later_of_two_files_of_one_version_wins(aws_endpoint: str) -> None:
    provision(aws_endpoint)
    table = _create(aws_endpoint)
    s3 = aws_client.s3(aws_endpoint)
    lost = {**json.loads(table.metadata.model_dump_json()), "last-updated-ms": 1}
    s3.put_object(
        Bucket=names.BUCKET,
        Key="lake/events/metadata/00000-zzz.metadata.json",
        Body=json.dumps(lost).encode(),
    )

    assert recover_catalog(aws_endpoint) == []
