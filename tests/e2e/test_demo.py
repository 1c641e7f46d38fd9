"""``headwater demo`` on a running route, and what reads its visitors: notebooks, other programs."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from e2e.route import Outcome, Route, run
from headwater_local.inspection.lake import connect

pytestmark = [pytest.mark.route]

DOCS = Path(__file__).parents[2] / "docs"
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
SIZE = ("--days", "10", "--visitors", "100")


@pytest.fixture(scope="module")
def filled(route: Route) -> Outcome:
    """What the demo said when it filled the route."""
    return run("demo", *SIZE, "--data-dir", str(route.data_dir))


def test_the_demo_is_written_once(route: Route, filled: Outcome) -> None:
    again = run("demo", *SIZE, "--data-dir", str(route.data_dir))

    found = re.match(r"written ([\d,]+) events, 0 were there", filled.out)
    assert found, filled.err
    [row] = route.rows(
        "select count(*) n, count(distinct event_id) ids, count(distinct country) countries"
        " from events where app_id = 'demo'"
    )
    assert row["n"] == row["ids"] >= int(found[1].replace(",", ""))
    assert row["countries"] > 1
    assert f", {found[1]} were there" in again.out, again.err
    assert "ask funnel --app demo" in filled.out
    assert f"see them at {route.site_url}/reports/?app=demo\n" in filled.out


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_every_cell_of_a_notebook_shows_rows(
    notebook: Path, route: Route, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".headwater").symlink_to(route.data_dir)
    place = tmp_path / "docs" / "notebooks"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)

    setup, *answers = shown(notebook)

    assert setup is None
    assert answers
    for answer in answers:
        assert isinstance(answer, duckdb.DuckDBPyRelation)
        assert answer.fetchall()


@pytest.mark.usefixtures("filled")
def test_other_programs_open_the_lake(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {}
    # Its extensions are there, and need no network.
    prepared = connect()
    monkeypatch.setattr(duckdb, "connect", lambda: prepared)

    for code in re.findall(r"(?ms)^```python\n(.*?)^```$", (DOCS / "open-the-lake.md").read_text()):
        here = code.replace("127.0.0.1:4566", route.aws_url.removeprefix("http://"))
        exec(re.sub(r"INSTALL \w+; ", "", here), names)  # noqa: S102 -- the docs'

    paid = names["orders"].num_rows
    assert paid > 0
    assert ("order_paid", paid) in names["by_type"].fetchall()
    names["lake"].close()


def shown(notebook: Path) -> Iterator[object]:
    """Run the cells of a notebook and yield what each shows: the value of its last expression."""
    names: dict[str, Any] = {}
    for cell in json.loads(notebook.read_text())["cells"]:
        if cell["cell_type"] != "code":
            continue
        *before, last = ast.parse("".join(cell["source"])).body
        exec(compile(ast.Module(before, []), notebook.name, "exec"), names)  # noqa: S102
        if isinstance(last, ast.Expr):
            yield eval(compile(ast.Expression(last.value), notebook.name, "eval"), names)  # noqa: S307
        else:
            exec(compile(ast.Module([last], []), notebook.name, "exec"), names)  # noqa: S102
            yield None
