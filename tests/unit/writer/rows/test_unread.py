from typing import Any

import pytest

from headwater_writer.rows.rows import Rules, shape
from unit.writer.builders import ENVELOPE, entry


def unread(**context: Any) -> list[str]:  # noqa: ANN401 -- whatever a client sends
    return sorted(shape(entry(context=context), ENVELOPE, Rules()).unread)


@pytest.mark.parametrize(
    ("context", "names"),
    [
        ({"ip": "not an address"}, ["ip"]),
        ({"locale": "!"}, ["locale"]),
        ({"channel": "carrier pigeon"}, ["channel"]),
        ({"consent": "perhaps"}, ["consent"]),
        ({"page": {"url": "about:blank"}}, ["page.url"]),
        ({"userAgent": "Toaster/1"}, ["userAgent"]),
        ({"screen": "1920x1080", "ip": "?"}, ["ip", "screen"]),
    ],
)
def test_names_what_no_column_could_be_filled_of(context: dict[str, Any], names: list[str]) -> None:
    assert unread(**context) == names


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"ip": "198.51.100.23:443", "locale": "de_CH", "channel": "server", "consent": "gpc"},
        {"ip": "", "locale": "", "channel": "", "consent": "", "page": {"url": ""}},
        {"page": {"url": "/sale"}, "anything": ["else"]},
    ],
)
def test_names_nothing_that_is_read_or_empty(context: dict[str, Any]) -> None:
    assert unread(**context) == []
