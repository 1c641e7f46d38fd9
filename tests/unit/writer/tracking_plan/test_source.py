from pathlib import Path
from typing import NoReturn

import pytest

from headwater_documents.document import MAX_BYTES
from headwater_writer.tracking_plan.plan import NO_PLAN, TrackingPlanError
from headwater_writer.tracking_plan.source import load

PLAN = b"version: 1\nevents: {paid: {properties: {total: double}}}"


def no_s3() -> NoReturn:
    raise AssertionError("nobody asked for S3")


def test_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(PLAN)

    assert list(load(str(file), no_s3).events) == ["paid"]


def test_an_absent_plan_has_no_events() -> None:
    assert load(None, no_s3) is NO_PLAN


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, r"it cannot be read \(No such file or directory\)"),
        (b"version: 3\nevents: {}", "line 1: version is `3`"),
        (b" " * (MAX_BYTES + 9), "it has more than"),
    ],
)
def test_says_which_plan_cannot_be_used_and_why(
    text: bytes | None, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "plan.yaml"
    if text is not None:
        file.write_bytes(text)

    with pytest.raises(TrackingPlanError, match=f"{file} cannot be used: {sentence}"):
        load(str(file), no_s3)
