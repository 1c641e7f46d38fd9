"""One schedule: a small world and everything that happens in it, from a list of choices."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from headwater_contract import ranges
from headwater_local.lambda_service.event_source.fakes import ManualClock
from headwater_writer import handler
from headwater_writer.publish import presence
from headwater_writer.staged import offering
from simulation.audit import Verdict, audit
from simulation.faults import Faults
from simulation.operations import Operations
from simulation.scheduler import Scheduler
from simulation.story import Story
from simulation.virtual_cluster import Switch, Tiers, VirtualCluster
from simulation.virtual_committer import VirtualCommitter, VirtualQueue
from simulation.virtual_destination import Sweep, VirtualOnFailure
from simulation.virtual_lake import Surroundings, VirtualLake
from simulation.virtual_lambda import VirtualLambda
from simulation.virtual_mapping import VirtualMapping, draw_mapping
from simulation.virtual_stream import Producer, VirtualStream

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from simulation.choices import Choices
    from simulation.faults import Fault

MAX_TURNS: Final = 12_000
"""Far more than any schedule takes that comes to its end: three rewinds of a mapping whose batches
have one record each take some 6,000."""

HANDED_OVER: Final = 0.3
"""How many schedules have a cluster beside the mapping, and hand over between the two."""

STAGED: Final = 0.3
"""How many schedules have writers in staged mode, with committers or without any."""

_COMMITTERS: Final = (1, 1, 2, 0)
_POLLS: Final = 6
_COMMITS_ALONE: Final = 2

_MAX_RANGES: Final = (ranges.MAX_RANGES, 8)
_CHUNK_BYTES: Final = (handler.MAX_CHUNK_BYTES, 600)
_SAMPLES: Final = (presence.SAMPLE, 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a schedule ended, the choices that make it again, its story and its faults."""

    verdict: Verdict
    choices: Sequence[int]
    story: Story
    struck: Counter[Fault]


def run(choices: Choices, *, told: bool = False) -> Outcome:
    """Run a schedule to its end; keep its story where it is to be ``told``."""
    story = Story(kept=told)
    max_ranges, sample = choices.of(_MAX_RANGES), choices.of(_SAMPLES)
    with _limits(max_ranges, choices.of(_CHUNK_BYTES), sample):
        clock = ManualClock()
        scheduler = Scheduler(choices, clock, story)
        around = Surroundings(choices, clock, scheduler, Faults(choices))
        stream = VirtualStream(clock, 1 + choices.below(4))
        lake = VirtualLake(around)
        swept = bool(choices.below(2))
        # A sample finds what a mapping leaves out if it is large enough.
        function = VirtualLambda(lake, around, has_gaps=sample > 1)
        tiers = Tiers()
        mappings = _mappings(around, stream, function, tiers, max_ranges - 1, swept=swept)
        cluster = VirtualCluster(tiers, stream, lake, around)
        operations = _start(around, stream, lake, mappings, cluster)
        if choices.chance(STAGED):
            _stage(around, lake)
        is_handed_over = choices.chance(HANDED_OVER)
        if is_handed_over:
            _hand_over(around, stream, mappings, cluster)
        ended = scheduler.run(MAX_TURNS)
        scheduler.stop()
    struck = around.faults.struck
    given_up = [batch for mapping in mappings for batch in mapping.on_failure.batches]
    verdict = Verdict()
    if not (ended and all(mapping.caught_up or not tiers.mapping for mapping in mappings)):
        verdict.blocked.append("the drivers did not come to the end of the stream")
    elif given_up and not (struck or operations.took_back or is_handed_over):
        verdict.blocked.append("a mapping gave up although nothing went wrong")
    else:
        audit(verdict, stream.puts, lake, [] if swept else given_up, max_ranges)
    return Outcome(verdict, choices.taken, story, struck)


def _mappings(
    around: Surroundings,
    stream: VirtualStream,
    function: VirtualLambda,
    tiers: Tiers,
    largest_batch: int,
    *,
    swept: bool,
) -> list[VirtualMapping]:
    """Return one mapping or two on the same stream, each with a driver for all or per shard."""
    mappings: list[VirtualMapping] = []
    for _ in range(1 + around.choices.chance(0.25)):
        options = draw_mapping(around.choices, largest_batch)
        families: list[str | None] = [*stream.family] if around.choices.below(2) else [None]
        on_failure = VirtualOnFailure(
            around, Sweep(options, function.lake, around) if swept else None
        )
        mappings.extend(
            VirtualMapping(options, stream, family, function, on_failure, tiers, around)
            for family in families
        )
    return mappings


def _start(
    around: Surroundings,
    stream: VirtualStream,
    lake: VirtualLake,
    mappings: Sequence[VirtualMapping],
    cluster: VirtualCluster,
) -> Operations:
    def read_again() -> None:
        cluster.read_again()
        for mapping in mappings:
            mapping.read_again()
        for reader in stream.readers:
            around.scheduler.unpark(reader)

    start = around.scheduler.start
    operations = Operations(lake, around, read_again)
    start("producer", Producer(stream, around.choices, around.scheduler).run)
    start("operations", operations.run)
    for number, mapping in enumerate(mappings, 1):
        stream.readers.append(start(f"driver {number}", mapping.run))
    return operations


def _hand_over(
    around: Surroundings,
    stream: VirtualStream,
    mappings: Sequence[VirtualMapping],
    cluster: VirtualCluster,
) -> None:
    actor = around.scheduler.start("cluster", cluster.run)
    stream.readers.append(actor)
    around.watchers.append(actor)
    around.scheduler.start("switch", Switch(cluster.tiers, stream, mappings, around).run)


def _stage(around: Surroundings, lake: VirtualLake) -> None:
    queue = VirtualQueue(around)
    lake.offers = queue
    for number in range(around.choices.of(_COMMITTERS)):
        committer = VirtualCommitter(queue, lake, around)
        queue.readers.append(around.scheduler.start(f"committer {number + 1}", committer.run))


@contextmanager
def _limits(max_ranges: int, chunk_bytes: int, sample: int) -> Iterator[None]:
    """Lower limits that small worlds would never come to."""
    with (
        patch.object(presence, "SAMPLE", sample),
        patch.object(ranges, "MAX_RANGES", max_ranges),
        patch.object(handler, "MAX_CHUNK_BYTES", chunk_bytes),
        patch.object(offering, "POLLS", _POLLS),
        patch.object(offering, "COMMITS_ALONE", _COMMITS_ALONE),
    ):
        yield
