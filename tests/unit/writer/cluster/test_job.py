"""The job: when it ends, and with which exit code."""

import pytest
from aws_lambda_powertools import Logger

from headwater_writer.cluster import job
from headwater_writer.cluster.job import MAX_FAILURES, Job
from headwater_writer.cluster.settings import ClusterSettings
from headwater_writer.publish.memory_table import Watch, unwatched
from unit.writer.builders import SHARD, Always, Once, failing, sequences
from unit.writer.cluster.test_rounds import World

AT_ONCE = ClusterSettings("clicks", 0.0, ends_when_idle=True, reads_again=False)


class Alerts:
    def __init__(self) -> None:
        self.sent = 0

    def send(self) -> None:
        self.sent += 1


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(job, "FAILURE_SECONDS", 0.0)
    world = World()
    world.put(SHARD, 1, 3)
    return world


def job_of(world: World, watch: Watch = unwatched, alerts: Alerts | None = None) -> Job:
    notify = (alerts or Alerts()).send
    return Job(world.rounds(watch), AT_ONCE, notify, Logger(service="test"))


def test_ends_when_nothing_is_open(world: World) -> None:
    alerts = Alerts()

    assert job_of(world, alerts=alerts).run() == 0

    assert sequences(world.lake.events) == [1, 3]
    assert alerts.sent


def test_goes_on_after_a_round_that_failed(world: World) -> None:
    away = Once("head", "before", failing(OSError("the catalog is away")))

    assert job_of(world, away).run() == 0

    assert sequences(world.lake.events) == [1, 3]


def test_ends_with_an_error_if_too_many_rounds_fail_in_a_row(world: World) -> None:
    tries: list[None] = []

    def fail() -> None:
        tries.append(None)
        raise OSError("the catalog is away")

    assert job_of(world, Always("head", "before", fail)).run() == 1

    assert len(tries) == MAX_FAILURES
