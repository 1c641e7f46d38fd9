"""What the protocol leans on in a table, done by Iceberg, Glue's stand-in and Spark."""

from itertools import combinations

import pytest

from headwater_contract.tables import EVENTS
from headwater_local import aws_client
from headwater_writer.lake.search import digest as digest_in_sql
from headwater_writer.lake.table import LakeTable
from headwater_writer.publish.batch import Published
from headwater_writer.publish.fence import Change
from headwater_writer.publish.repeats import digest
from headwater_writer.publish.table import CommitError, TableError
from headwater_writer.rows.rows import Rules
from headwater_writer.tracking_plan.parse import parse
from headwater_writer.tracking_plan.plan import TrackingPlan
from integration.writer.batches import OTHER_SHARD, events_of, records, written
from integration.writer.faults import BeforeFirst, Noting, catalog_through, overtaken
from integration.writer.interceptor import Interceptor
from integration.writer.marks import SPARK
from integration.writer.place import Place
from unit.writer.builders import entry, record

pytestmark = SPARK

NOTHING = Change({}, {})
NOTED = Change({"noted": "in the summary"}, {"noted": "in the properties"})

HOSTILE = (
    None,
    "",
    "-",
    "0:",
    "1:a2:bc",
    "007",
    "e\u0301",
    "\u00e9",
    "\U0001f600\U0001f468\u200d\U0001f469",
    "\u0000\ufeff\u202e",
    " \t\r\n ",
    "x" * 100_000,
)
"""Values of which texts put together could be mistaken for those of others."""


@pytest.fixture
def table(place: Place) -> LakeTable:
    return place.lake().table(EVENTS)


def test_a_commit_makes_rows_summary_and_properties_visible_at_once(
    place: Place, table: LakeTable
) -> None:
    number = table.commit(table.stage(events_of(records(1, 3))), table.head(), NOTED)

    found = place.table("events")
    snapshot = found.current_snapshot()
    assert snapshot is not None
    assert snapshot.summary is not None
    assert (snapshot.snapshot_id, snapshot.summary["noted"]) == (number, "in the summary")
    assert found.properties["noted"] == "in the properties"
    assert found.properties["headwater.latest"] == f"{number} {snapshot.sequence_number}"
    assert place.sequences("events") == [1, 2, 3]


def test_a_commit_on_a_stale_state_is_refused_and_leaves_all_as_it_was(
    place: Place, table: LakeTable
) -> None:
    head, staged = table.head(), table.stage(events_of(records(1, 3)))
    other = place.lake().table(EVENTS)
    other.commit(other.stage(events_of(records(7, 9))), other.head(), NOTHING)
    before = place.table("events").metadata_location

    with pytest.raises(CommitError) as refused:
        table.commit(staged, head, NOTED)

    assert place.table("events").metadata_location == before
    assert refused.value.snapshot is not None
    assert table.head().history.snapshot(refused.value.snapshot) is None


def test_a_commit_that_met_another_at_the_catalog_is_refused(
    place: Place, wire: Interceptor
) -> None:
    table = place.lake(catalog_through(place, wire)).table(EVENTS)
    other = place.lake().table(EVENTS)
    staged = other.stage(events_of(records(7, 9)))
    wire.script = BeforeFirst(
        lambda request: request.is_commit_to("events"),
        lambda: other.commit(staged, other.head(), NOTHING),
    )

    with pytest.raises(CommitError):
        table.commit(table.stage(events_of(records(1, 3))), table.head(), NOTED)

    assert place.sequences("events") == [7, 8, 9]
    assert "noted" not in place.table("events").properties


def test_staged_files_outlive_a_refused_commit(place: Place, table: LakeTable) -> None:
    head, staged = table.head(), table.stage(events_of(records(1, 3)))
    place.set_properties("events", {"comment": "another version"})
    with pytest.raises(CommitError):
        table.commit(staged, head, NOTHING)

    table.commit(staged, table.head(), NOTHING)

    assert place.sequences("events") == [1, 2, 3]


def test_refused_commits_leave_nothing_but_orphans(place: Place, table: LakeTable) -> None:
    staged = table.stage(events_of(records(1, 3)))
    for number in range(3):
        head = table.head()
        place.set_properties("events", {"comment": str(number)})
        with pytest.raises(CommitError):
            table.commit(staged, head, NOTHING)
        other = place.lake().table(EVENTS)
        own = events_of(records(10 + number, 10 + number, OTHER_SHARD))
        other.commit(other.stage(own), other.head(), NOTHING)

    table.commit(staged, table.head(), NOTHING)

    assert place.readable_snapshots("events") == place.snapshots("events")
    assert place.sequences("events") == [1, 2, 3, 10, 11, 12]


def test_a_change_alone_commits_as_a_snapshot(place: Place, table: LakeTable) -> None:
    table.commit(table.stage(events_of(records(1, 3))), table.head(), NOTHING)

    number = table.commit(None, table.head(), NOTED)

    newest = table.head().history.snapshot(number)
    assert newest is not None
    assert newest.summary.get("noted") == "in the summary"
    assert table.head().history.newest == number
    assert place.sequences("events") == [1, 2, 3]


def test_a_batch_that_nobody_disturbs_takes_three_calls_to_glue(
    place: Place, wire: Interceptor
) -> None:
    writer = place.writer(catalog=catalog_through(place, wire))
    writer.write(records(1, 3))
    noting = wire.script = Noting()

    writer.write(records(4, 6))

    targets = [request.headers.get("x-amz-target", "") for request in noting.requests]
    assert [target for target in targets if target] == [
        "AWSGlue.GetTable",
        "AWSGlue.GetTable",
        "AWSGlue.UpdateTable",
    ]


def test_sql_and_python_know_an_event_by_the_same_digest(place: Place) -> None:
    plain = events_of(records(1, 1))[0]
    rows = [
        plain | dict.fromkeys(EVENTS.identity) | {one: left, other: right}
        for one, other in combinations(EVENTS.identity, 2)
        for left in HOSTILE
        for right in HOSTILE
        if len(f"{left}{right}") < 1000 or one == EVENTS.identity[0]
    ]
    fields = ", ".join(f"{name} string" for name in EVENTS.identity)
    texts = [tuple(row[name] for name in EVENTS.identity) for row in rows]

    frame = place.spark.createDataFrame(texts, fields).select(digest_in_sql(EVENTS).alias("found"))

    assert [bytes(row.found) for row in frame.collect()] == [digest(EVENTS, row) for row in rows]
    assert len({digest(EVENTS, row) for row in rows}) == len(set(texts))


def test_an_event_with_hostile_values_is_known_by_another_writer(place: Place) -> None:
    said = [
        entry("7", event=value, userId="\U0001f600:7", groupId="1:a") for value in HOSTILE if value
    ]
    place.writer().write([record(1, *said)])
    held = place.rows("events").num_rows

    assert written(place.writer(), [record(2, *said)]) == Published(0, repeats=held)


def test_a_warm_writer_goes_on_with_a_table_that_was_dropped_and_made_again(place: Place) -> None:
    writer = place.writer()
    writer.write(records(1, 3))
    place.lake().drop(EVENTS)
    place.lake().table(EVENTS)

    outcomes = [written(writer, records(first, first + 2)) for first in (4, 7, 1)]

    assert outcomes == [Published(3)] * 3
    assert place.sequences("events") == list(range(1, 10))


def test_a_warm_writer_makes_again_a_table_that_was_dropped(place: Place) -> None:
    writer = place.writer()
    writer.write(records(1, 3))
    place.lake().drop(EVENTS)

    assert written(writer, records(4, 6)) == Published(3)
    assert place.sequences("events") == [4, 5, 6]


def test_rows_land_in_their_columns_if_the_table_is_made_again_before_their_commit(
    place: Place, wire: Interceptor
) -> None:
    place.lake().tables()

    def make_anew() -> None:
        place.lake().drop(EVENTS)
        place.lake().tables(planned("earlier", "total"))

    writer = overtaken(place, wire, make_anew, Rules(plan=planned("total")))

    outcome = written(writer, [record(1, entry("m-1", event="paid", properties={"total": 42.0}))])

    [row] = place.rows("events").to_pylist()
    assert outcome == Published(1)
    assert (row["event_id"], row["prop_total"], row["prop_earlier"]) == ("m-1", 42.0, None)
    assert row["properties"] == '{"total": 42.0}'


def planned(*names: str) -> TrackingPlan:
    """Return a plan with some numbers of an event."""
    properties = ", ".join(f"{name}: double" for name in names)
    return parse(f"version: 1\nevents: {{paid: {{properties: {{{properties}}}}}}}".encode())


def keys(place: Place) -> set[str]:
    found = aws_client.s3(place.endpoint).list_objects_v2(Bucket=place.database)["Contents"]
    return {each["Key"] for each in found}


def test_a_missing_metadata_file_is_told_and_nothing_is_deleted_until_it_is_back(
    place: Place,
) -> None:
    s3 = aws_client.s3(place.endpoint)
    warm = place.writer()
    warm.write(records(1, 3))
    place.writer().write(records(4, 6))
    bucket, _, key = place.table("events").metadata_location.removeprefix("s3://").partition("/")
    lost = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.delete_object(Bucket=bucket, Key=key)
    left = keys(place)

    for write in (lambda: warm.write(records(7, 9)), place.writer):
        with pytest.raises(TableError, match=f"events: one of its files is missing: .*{key}"):
            write()
    assert keys(place) == left

    s3.put_object(Bucket=bucket, Key=key, Body=lost)
    assert written(warm, records(7, 9)) == Published(3)
    assert place.sequences("events") == list(range(1, 10))


def test_a_missing_list_of_manifests_is_told_and_nothing_is_deleted_until_it_is_back(
    place: Place,
) -> None:
    s3 = aws_client.s3(place.endpoint)
    writer = place.writer()
    writer.write(records(1, 3))
    snapshot = place.table("events").current_snapshot()
    assert snapshot is not None
    bucket, _, key = snapshot.manifest_list.removeprefix("s3://").partition("/")
    lost = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.delete_object(Bucket=bucket, Key=key)
    left = keys(place)

    with pytest.raises(TableError, match="cannot read events: one of its files is missing"):
        writer.write(records(4, 6))
    assert keys(place) >= left

    s3.put_object(Bucket=bucket, Key=key, Body=lost)
    assert written(writer, records(4, 6)) == Published(3)
    assert place.sequences("events") == list(range(1, 7))
