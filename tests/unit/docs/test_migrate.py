"""What the page on moving tells people to send is accepted."""

import re
from pathlib import Path

import pytest

from unit.collector.client import Client

PAGE = (Path(__file__).parents[3] / "docs" / "migrate.md").read_text()
REQUESTS = [
    *re.findall(r"curl API(\S+) --data '(.+)'", PAGE),
    *(("/v1/batch", body) for body in re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL)),
]


def test_there_are_examples() -> None:
    assert [path for path, _ in REQUESTS] == ["/v1/page", "/v1/track", "/v1/batch"]


@pytest.mark.parametrize(("path", "body"), REQUESTS)
def test_an_example_is_accepted(path: str, body: str) -> None:
    client = Client()

    response = client.post(path, body.encode())

    assert response.json == {"success": True}
    assert len(client.accepted) == 1
