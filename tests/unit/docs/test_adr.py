"""docs/adr/README.md lists every decision as its page says it."""

import re
from pathlib import Path

import pytest

ADR = Path(__file__).parents[3] / "docs" / "adr"
PAGES = sorted(ADR.glob("[0-9]*.md"))
PAGE = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"Date: (?P<date>\d{4}-\d\d-\d\d)\. Status: (?P<status>.+)\.\n"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_index_has_a_decision_with_its_date_and_status(page: Path) -> None:
    said = PAGE.match(page.read_text())

    assert said, "a page begins with its number, title, date and status"
    assert int(page.name.partition("-")[0]) == int(said["number"])
    assert (
        f"| {said['number']} | [{said['title']}]({page.name}) | {said['date']} | {said['status']} |"
    ) in (ADR / "README.md").read_text().splitlines()


def test_the_index_has_no_other_decision() -> None:
    links = re.findall(r"\]\((\d{4}-[^)]+)\) \| \d{4}-", (ADR / "README.md").read_text())

    assert links == [page.name for page in PAGES]
