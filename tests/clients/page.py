"""The page of the docs about clients, from the table that the tests check.

Run ``python -m clients.page`` to write it.
"""

from collections.abc import Iterable
from pathlib import Path
from string import Template

from clients.table import CLIENTS, Client, Requests

PAGE = Path(__file__).parents[2] / "docs" / "clients.md"
_TEMPLATE = Path(__file__).with_name("page.template.md")


def render() -> str:
    """Return the page."""
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        settings=_rows(
            f"{each.name} {each.version} | {each.tried} | {each.host}" for each in CLIENTS
        ),
        requests=_rows(_sent(each, requests) for each in CLIENTS for requests in each.requests),
        retries=_rows(f"{each.name} | {each.retries}" for each in CLIENTS),
        sources=_rows(f"{each.name} | {each.source}" for each in CLIENTS),
    )


def _rows(cells: Iterable[str]) -> str:
    return "\n".join(f"| {each} |" for each in cells)


def _set(client: Client) -> str:
    return f"{client.name} {client.version} | {client.tried} | {client.host}"


def _sent(client: Client, requests: Requests) -> str:
    form = requests.form
    paths = ", ".join(f"`{path}`" for path in sorted(requests.paths))
    content = ", ".join(filter(None, (form.content_type, form.encoding)))
    body = ", ".join(f"`{name}`" for name in form.body)
    return f"{client.name} | {form.method} {paths} | {content} | {body} | {', '.join(form.key)}"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
