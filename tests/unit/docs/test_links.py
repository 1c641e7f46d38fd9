"""Every link from one page of the repository to another leads to a file, and to a heading of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
FOLDERS = ("browser-sdk", "docs", "lambdas", "local", "reports", "sample", "terraform", "tests")
PAGES = [
    page
    for pattern in ("*.md", *(f"{folder}/**/*.md" for folder in FOLDERS))
    for page in sorted(REPOSITORY.glob(pattern))
    if "node_modules" not in page.parts and not page.name.endswith(".template.md")
]
FENCED = re.compile(r"(?ms)^```.*?^```$")
LINK = re.compile(r"\]\((?P<file>[^)#:\s]*)(?:#(?P<heading>[^)\s]+))?\)")


def links(page: Path) -> Iterator[tuple[str, str | None]]:
    for found in LINK.finditer(FENCED.sub("", page.read_text())):
        yield found["file"], found["heading"]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", FENCED.sub("", page.read_text()))
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", each) for each in headings)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for file, heading in links(page):
        target = (page.parent / file).resolve() if file else page

        assert target.exists(), file
        assert heading is None or heading in anchors(target), f"{file}#{heading}"


def test_there_are_links_to_follow() -> None:
    assert sum(1 for page in PAGES for _ in links(page)) > 100
