"""A few thousand inputs of each kind, and that the fuzzer finds what was put there to be found."""

import re
from itertools import islice

import pytest

from fuzz.scaling import SYSTEMATIC_BYTES, Growth, Repeated, asking, every_growth
from fuzz.tally import Tally
from fuzz.target import Target, run
from fuzz.targets import TARGETS
from headwater_collector import request, responses, salvage
from headwater_contract import stream_record

INPUTS = 4000
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_no_input_does_harm(part: int) -> None:
    tally = Tally.of(range(part, INPUTS, PARTS))

    assert list(map(str, tally.findings)) == []


def test_inputs_of_every_kind_have_every_outcome() -> None:
    seen = set(Tally.of(range(3000)).outcomes)

    assert {target for target, _ in seen} >= {"collector", "record", "message"}
    assert {outcome for target, outcome in seen if target == "collector"} >= {
        *("200", "204", "400", "401", "404", "405", "413", "415")
    }
    assert {("record", "readable"), ("record", "unreadable")} <= seen
    assert {("message", "rows"), ("message", "no row")} <= seen


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_seed_is_the_same_input_every_time(target: Target) -> None:
    assert run(target, 3).shown == run(target, 3).shown


def _problems(target: str) -> str:
    tallied = Tally.of(range(2000)).findings
    return "\n".join(str(finding) for finding in tallied if finding.target == target)


def test_finds_an_answer_that_lists_all_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "MAX_LISTED_REFUSALS", 10_000)

    assert re.search(r"an answer of \d{5,} bytes", _problems("collector"))


def test_finds_a_path_that_is_not_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "_encodable", lambda text: text)

    assert "the collector raised UnicodeEncodeError" in _problems("collector")


def test_finds_an_error_that_unpack_lets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_record, "_NOT_OURS", (KeyError,))

    assert "Error: " in _problems("record")


def test_work_grows_no_faster_than_its_input() -> None:
    some = islice(every_growth(SYSTEMATIC_BYTES), 0, None, 23)

    assert [growth for growth in some if growth.is_superlinear()] == []


def test_finds_work_that_grows_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salvage, "_tokens", salvage._TOKEN.finditer)

    growth = Growth("", asking("/v1/b", "base64"), Repeated(b'\\"', b'{"'), 16_000)

    assert growth.is_superlinear()
