import base64

import pytest

from headwater_collector.errors import UnknownKeyError
from headwater_collector.request import Request, read_request
from headwater_collector.write_keys import Source, WriteKeys, write_key_of
from unit.collector.client import recorded_event

KEYS = WriteKeys({"key-1": "website", "key-2": "shop"}, {"key-i": "website"})


def basic(credentials: bytes) -> str:
    return "Basic " + base64.b64encode(credentials).decode()


def request(authorization: str | None = None, query: dict[str, str] | None = None) -> Request:
    event = recorded_event("http_api.json") | {"queryStringParameters": query}
    event["headers"] = {"authorization": authorization} if authorization is not None else {}
    return read_request(event)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (basic(b"key-1:"), "key-1"),
        (basic(b"key-1:password:more"), "key-1"),
        (basic(b"key-1"), "key-1"),
        (basic(b"key-1:").replace("Basic", "basic"), "key-1"),
        (basic("schlüssel:".encode()), "schlüssel"),
        ("Bearer key-1", "key-1"),
        ("bearer key-1", "key-1"),
        ("Bearer key-i", "key-i"),
    ],
)
def test_finds_the_key_in_the_header(header: str, key: str) -> None:
    assert write_key_of(request(header), KEYS) == key
    assert write_key_of(request(header, {"writeKey": "key-2"}), KEYS) == key


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !",
        "Basic a",
        "Basic ☃",
        "Bearer",
        "Bearer an-access-token",
        basic(b"\xff:"),
        basic(b":x"),
    ],
)
def test_finds_no_key_if_there_is_none(header: str | None) -> None:
    assert write_key_of(request(header), KEYS) is None
    assert write_key_of(request(header, {"writeKey": "key-2"}), KEYS) == "key-2"


def test_an_access_token_is_not_a_key_if_none_are_set_up() -> None:
    assert write_key_of(request("Bearer key-1"), WriteKeys()) is None


def test_a_key_leads_to_its_app() -> None:
    assert KEYS.source("key-2") == Source("shop")


@pytest.mark.parametrize("key", [None, "", "key-3", "website"])
def test_refuses_other_keys_if_some_are_set_up(key: str | None) -> None:
    with pytest.raises(UnknownKeyError, match="Basic authentication"):
        KEYS.source(key)


@pytest.mark.parametrize(
    ("key", "app_id"),
    [("any", "any"), (None, "default"), ("", "default"), ("x" * 200, "x" * 128)],
)
def test_a_key_is_its_apps_name_if_none_are_set_up(key: str | None, app_id: str) -> None:
    assert WriteKeys().source(key) == Source(app_id)


@pytest.mark.parametrize("of_clients", [{}, {"key-1": "website"}])
def test_a_key_of_imports_is_one_whether_or_not_clients_have_keys(
    of_clients: dict[str, str],
) -> None:
    keys = WriteKeys(of_clients, {"key-i": "website"})

    assert keys.source("key-i") == Source("website", is_import=True)
    assert keys.source("key-1").is_import is False
