import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.errors import PlanError

runner = CliRunner()

PLAN = """
version: 1
events:
  paid:
    on_mismatch: fail
    properties: {total: {type: double, required: true}, coupon: string}
  refunded:
    properties: {total: double}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    return file


def test_says_which_columns_come_of_what(file: Path) -> None:
    result = runner.invoke(cli.commands, ["plan", str(file), "--format", "json"])

    assert [tuple(row.values()) for row in json.loads(result.output)] == [
        ("prop_total", "double", "paid", "total", True, "fail"),
        ("prop_total", "double", "refunded", "total", False, "keep"),
        ("prop_coupon", "string", "paid", "coupon", False, "fail"),
    ]


def test_says_all_that_is_wrong(file: Path) -> None:
    file.write_text("version: 2\nevents: []")

    result = runner.invoke(cli.commands, ["plan", str(file)])

    assert isinstance(result.exception, PlanError)
    assert str(result.exception).splitlines() == [
        f"The tracking plan {file} cannot be used:",
        "line 1: version is `2`: this writer reads version 1",
        "line 2: events is a list: give a mapping",
    ]


@pytest.mark.parametrize("text", [None, "version: 1"])
def test_up_refuses_a_plan_before_it_does_anything(text: str | None, tmp_path: Path) -> None:
    plan, data_dir = tmp_path / "plan.yaml", tmp_path / "data"
    if text is not None:
        plan.write_text(text)
    options = ["--tracking-plan", str(plan), "--data-dir", str(data_dir)]

    result = runner.invoke(cli.commands, ["up", *options])

    assert isinstance(result.exception, PlanError)
    assert not data_dir.exists()


def test_up_takes_the_plan_from_its_environment_too(tmp_path: Path) -> None:
    environment = {"TRACKING_PLAN": str(tmp_path / "none.yaml")}

    result = runner.invoke(cli.commands, ["up", "--data-dir", str(tmp_path)], env=environment)

    assert isinstance(result.exception, PlanError)


def test_prints_types_for_the_browser_sdk(file: Path) -> None:
    result = runner.invoke(cli.commands, ["plan", str(file), "--types"])

    assert result.output == (
        "export interface Events {\n"
        '  "paid": {\n'
        '    "total": number;\n'
        '    "coupon"?: string;\n'
        "    [other: string]: unknown;\n"
        "  };\n"
        '  "refunded": {\n'
        '    "total"?: number;\n'
        "    [other: string]: unknown;\n"
        "  };\n"
        "}\n"
    )
