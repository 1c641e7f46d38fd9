"""The search itself, on a landscape that is known; and that its candidates are possible."""

import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from headwater_contract.kinesis_event import received_records
from headwater_contract.limits import MAX_ENVELOPE_CHARACTERS
from headwater_contract.stream_record import unpack
from headwater_writer.chunks import chunks
from headwater_writer.handler import MAX_CHUNK_BYTES
from memory.__main__ import candidate_of
from memory.candidate import Candidate, Script, any_candidate, neighbour
from memory.measure import MEMORY_MB, Figures
from memory.search import Bounds, search
from memory.traffic import CHUNKS, MAX_PAYLOAD_BYTES, traffic_of

TERRAFORM = Path(__file__).parents[2] / "terraform" / "variables.tf"
BOUNDS = Bounds(3008)


def chance(seed: int) -> Random:
    """Return a source of chance that is the same each time."""
    return Random(seed)  # noqa: S311


def landscape(candidate: Candidate) -> Figures:
    """Return figures of a made-up writer, which five choices hurt."""
    hurts = (
        candidate.text_bytes == 3_000,
        candidate.days == 100,
        candidate.agent == 256,
        candidate.kind == "alias",
        candidate.script == "one emoji",
    )
    return Figures(sum(hurts) * 100, heap=0, both=0)


def test_climbs_from_the_worst_start() -> None:
    found = list(search(landscape, BOUNDS, [], chance(1), rounds=300))

    assert max(each.figures.python for each in found[:100]) < 500
    assert max(each.figures.python for each in found) == 500


def test_climbs_from_what_is_known() -> None:
    known = Candidate(kind="alias", days=100, agent=256)
    found = list(search(landscape, BOUNDS, [known], chance(1), rounds=3))

    assert found[0].candidate == known
    assert {each.candidate == known for each in found[1:]} == {False}


def test_a_seed_makes_the_same_search_every_time() -> None:
    first, second = (list(search(landscape, BOUNDS, [], chance(3), rounds=30)) for _ in range(2))

    assert first == second


def test_a_neighbour_differs_in_one_choice() -> None:
    source = chance(5)
    for _ in range(200):
        here = any_candidate(source)
        there = neighbour(here, source)
        names = Candidate.__slots__

        assert sum(getattr(here, name) != getattr(there, name) for name in names) == 1


def test_a_candidate_is_made_again_from_what_is_printed() -> None:
    candidate = any_candidate(chance(9))

    assert candidate_of(repr(candidate)) == candidate


@pytest.mark.parametrize("seed", range(4))
def test_traffic_is_one_invocation_of_a_few_chunks(seed: int) -> None:
    traffic = traffic_of(any_candidate(chance(seed)))
    records = received_records(traffic.event)

    assert 1 <= len(records) <= 10_000
    assert sum(len(each["kinesis"]["data"]) for each in traffic.event["Records"]) < (
        MAX_PAYLOAD_BYTES
    )
    assert len(list(chunks(records, MAX_CHUNK_BYTES))) <= CHUNKS + 1


def test_traffic_fills_its_chunks_and_the_invocation() -> None:
    traffic = traffic_of(Candidate(text_bytes=1_000))
    cut = list(chunks(received_records(traffic.event), MAX_CHUNK_BYTES))
    payload = sum(len(each["kinesis"]["data"]) for each in traffic.event["Records"])

    assert len(cut) == CHUNKS + 1
    assert {len(unpack(record.data).entries) > 400 for run in cut[:CHUNKS] for record in run} == {
        True
    }
    assert payload > 0.99 * MAX_PAYLOAD_BYTES - 500 * len(traffic.event["Records"])


@pytest.mark.parametrize("script", ["ascii", "one emoji", "escaped"])
def test_a_shared_context_is_as_long_as_the_collector_takes_it(script: Script) -> None:
    shared = Candidate(requests=1, messages=20, shared="title", script=script)
    first, *_ = received_records(traffic_of(shared).event)

    context = unpack(first.data).envelope.context
    assert context is not None
    assert MAX_ENVELOPE_CHARACTERS - 10 < len(context.encode()) <= MAX_ENVELOPE_CHARACTERS


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (Figures(401, 0, 0), "Python took 401 MB of 400"),
        (Figures(0, 1300, 0), "Java's heap held 1300 MB of 1203"),
        (Figures(0, 0, 3009), "both took 3009 MB of 3008"),
        (Figures(0, 0, 0, "it failed"), "it failed"),
    ],
)
def test_says_which_bound_is_broken(figures: Figures, told: str) -> None:
    assert BOUNDS.broken(figures) == [told]
    assert BOUNDS.badness(figures) > 1
    assert BOUNDS.broken(replace(figures, python=0, heap=0, both=0, problem=None)) == []


def test_measures_at_the_memory_that_terraform_gives() -> None:
    [writer] = re.findall(r'(?ms)^variable "writer" \{.*?^\}', TERRAFORM.read_text())

    assert f"optional(number, {MEMORY_MB})" in "".join(re.findall(r"memory_mb .*", writer))
