"""A commit whose question or answer is lost is decided by the table's state, never by a guess."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from headwater_writer.ledger import Range

from headwater_contract.tables import EVENTS
from headwater_writer.lake import LakeTable
from headwater_writer.publish import CommitUnknownError, Published, publish
from headwater_writer.spark_options import CATALOG
from integration.writer.interceptor import Answer, DroppedError, Forward, Interceptor, Request
from integration.writer.marks import SPARK
from integration.writer.place import Place
from integration.writer.test_exactly_once import batch
from unit.writer.builders import SHARD

pytestmark = SPARK


@pytest.fixture
def wire(place: Place) -> Iterator[Interceptor]:
    """What the catalog of the test's tables is reached through."""
    with Interceptor(place.endpoint) as interceptor:
        yield interceptor


@pytest.fixture
def table(place: Place, wire: Interceptor) -> LakeTable:
    """The events, with a first batch in them, by a catalog whose connection may fail."""
    publish(place.lake().table(EVENTS), batch(1, 3))
    place.hurry("events")
    return place.lake(catalog_through(place, wire)).table(EVENTS)


def catalog_through(place: Place, wire: Interceptor) -> str:
    """Configure a catalog like the usual one, behind the interceptor."""
    name = f"flaky{uuid4().hex[:8]}"
    for option, value in place.spark.sparkContext.getConf().getAll():
        if option.startswith(f"spark.sql.catalog.{CATALOG}"):
            place.spark.conf.set(
                option.replace(f".{CATALOG}", f".{name}", 1),
                value.replace(place.endpoint, wire.endpoint),
            )
    return name


class LosesAnswers:
    """Lets a commit through and drops its answer, some times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, request: Request, forward: Forward) -> Answer:
        answer = forward()
        if self.left and request.is_commit_to("events"):
            self.left -= 1
            raise DroppedError
        return answer


class Outage:
    """Nothing in the catalog is reached from a commit on, with or without that commit."""

    def __init__(self, *, lands: bool) -> None:
        self.lands = lands
        self.begun = False
        self.over = False

    def __call__(self, request: Request, forward: Forward) -> Answer:
        if request.is_commit_to("events") and not self.begun:
            self.begun = True
            if self.lands:
                forward()
        if self.begun and not self.over and "x-amz-target" in request.headers:
            raise DroppedError
        return forward()


def test_commits_once_where_an_answer_is_lost(
    place: Place, wire: Interceptor, table: LakeTable
) -> None:
    script = LosesAnswers(times=1)
    wire.script = script

    outcome = publish(table, batch(4, 6))

    assert script.left == 0
    assert outcome == Published(3)
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


def test_commits_once_where_every_answer_is_lost(
    place: Place, wire: Interceptor, table: LakeTable
) -> None:
    wire.script = LosesAnswers(times=1000)

    outcome = publish(table, batch(4, 6))

    assert outcome == Published(3)
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("lands", "then"), [(True, Published(0, covered=3)), (False, Published(3))]
)
def test_finds_out_after_an_outage_what_became_of_a_commit(
    place: Place, wire: Interceptor, table: LakeTable, *, lands: bool, then: Published
) -> None:
    outage = Outage(lands=lands)
    wire.script = outage
    head, staged = table.head(SHARD), table.stage(batch(4, 6).rows)

    with pytest.raises(CommitUnknownError):
        table.commit(staged, head, SHARD, Range(4, 6))
    outage.over = True

    assert publish(table, batch(4, 6)) == then
    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]


def test_uses_its_files_again_after_an_outage(
    place: Place, wire: Interceptor, table: LakeTable
) -> None:
    outage = Outage(lands=False)
    wire.script = outage
    head, staged = table.head(SHARD), table.stage(batch(4, 6).rows)
    with pytest.raises(CommitUnknownError):
        table.commit(staged, head, SHARD, Range(4, 6))
    outage.over = True

    table.commit(staged, table.head(SHARD), SHARD, Range(4, 6))

    assert place.sequences("events") == [1, 2, 3, 4, 5, 6]
