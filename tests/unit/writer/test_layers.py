"""What must not leak where: which folders and libraries a folder of the writer may import."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import headwater_writer

ROOT: Final = Path(headwater_writer.__file__).parent
TOP: Final = "top"
"""What stands in no folder: the route from an invocation to a commit, and what all are told."""

MAY_IMPORT: Final = {
    "tracking_plan": set[str](),
    "rows": {"tracking_plan"},
    "publish": {"rows"},
    "spark": {TOP},
    "lake": {TOP, "publish", "rows", "spark", "tracking_plan"},
    "failures": {TOP, "publish", "rows"},
    "views": {TOP},
    "replay": {TOP, "failures", "lake", "publish", "rows", "spark"},
    "backfill": {TOP, "failures", "publish", "replay"},
    "cluster": {TOP, "backfill", "failures", "lake", "publish", "replay", "rows", "spark"},
    "staged": {TOP, "publish", "rows"},
    "maintenance": {TOP, "lake", "publish", "spark"},
    TOP: {"failures", "lake", "publish", "rows", "spark", "staged", "tracking_plan"},
    "functions": {
        *(TOP, "backfill", "failures", "lake", "maintenance", "publish", "replay", "spark"),
        *("staged", "views"),
    },
}

KNOWS: Final = {
    "pyspark": "spark lake maintenance functions process rehearsal replay/failed_rows"
    " cluster/archive_engine cluster/engine cluster/job cluster/tasks",
    "py4j": "spark lake maintenance functions",
    "botocore": "backfill/source failures/clients failures/topic replay/destination"
    " cluster/kinesis staged/queue views/catalog",
    "boto3": "failures/clients cluster/kinesis staged/queue views/catalog",
    "pyarrow": "lake cluster/archive_engine cluster/columns cluster/engine cluster/tasks",
}
"""The folders and modules that may import a library."""

FILES: Final = sorted(ROOT.rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def folder(dotted: str) -> str:
    name = dotted.split(".")[1]
    return name if (ROOT / name).is_dir() else TOP


def module(file: Path) -> str:
    return file.relative_to(ROOT).with_suffix("").as_posix()


@pytest.mark.parametrize("file", FILES, ids=module)
def test_imports_no_folder_that_it_may_not_know(file: Path) -> None:
    own = folder(f"headwater_writer.{module(file).split('/')[0]}")
    known = {folder(each) for each in imports(file) if each.startswith("headwater_writer.")}

    assert known - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("file", FILES, ids=module)
def test_imports_no_library_that_it_may_not_know(file: Path) -> None:
    libraries = {each.split(".")[0] for each in imports(file)} & KNOWS.keys()
    own = {module(file), module(file).split("/")[0]}

    assert all(own & {*KNOWS[library].split()} for library in libraries)
