import pytest

from headwater_poller.errors import PagingError
from headwater_poller.requests import Request

HERE = Request("https://api.example.com/v1/events", (("limit", "5"),))


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (
            "https://api.example.com/v2/events?page=2&empty=",
            Request("https://api.example.com/v2/events", (("page", "2"), ("empty", ""))),
        ),
        ("?page=2", Request("https://api.example.com/v1/events", (("page", "2"),))),
        ("/other", Request("https://api.example.com/other")),
    ],
)
def test_follows_a_url_of_the_same_host(reference: str, expected: Request) -> None:
    assert HERE.following(reference) == expected


@pytest.mark.parametrize(
    "reference", ["https://evil.example.com/", "http://api.example.com/", "//evil/", "file:///x"]
)
def test_takes_no_credentials_to_another_place(reference: str) -> None:
    with pytest.raises(PagingError, match=r"the credentials are for https://api\.example\.com"):
        HERE.following(reference)


def test_explains_a_url_that_cannot_be_read() -> None:
    with pytest.raises(PagingError, match="cannot be read"):
        HERE.following("https://[::1")


def test_replaces_a_parameter() -> None:
    assert HERE.asking("limit", "9").params == (("limit", "9"),)
