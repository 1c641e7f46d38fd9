"""A check is skipped for one resource, with a reason, and never for all of them."""

import re

import yaml

from terraform.command import REPOSITORY

SOURCES = sorted((REPOSITORY / "terraform").rglob("*.tf"))


def test_no_check_is_skipped_for_what_is_yet_to_come() -> None:
    settings = yaml.safe_load((REPOSITORY / ".checkov.yaml").read_text())

    assert set(settings) == {"framework", "quiet", "compact", "skip-download", "skip-path"}


def test_every_skip_has_a_reason() -> None:
    skips = [line for file in SOURCES for line in file.read_text().splitlines() if "skip=" in line]

    assert skips
    assert [
        skip for skip in skips if not re.search(r"checkov:skip=CKV2?_AWS_\d+:\w.{12,}$", skip)
    ] == []
