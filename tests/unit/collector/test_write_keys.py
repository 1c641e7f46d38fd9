import base64

import pytest

from headwater_collector.errors import UnknownKeyError
from headwater_collector.write_keys import app_id_of, write_key_of

KEYS = {"key-1": "website", "key-2": "shop"}


def basic(credentials: bytes) -> str:
    return "Basic " + base64.b64encode(credentials).decode()


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (basic(b"key-1:"), "key-1"),
        (basic(b"key-1:password:more"), "key-1"),
        (basic(b"key-1"), "key-1"),
        (basic(b"key-1:").replace("Basic", "basic"), "key-1"),
        (basic("schlüssel:".encode()), "schlüssel"),
    ],
)
def test_finds_the_key_in_basic_authentication(header: str, key: str) -> None:
    assert write_key_of(header) == key


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !",
        "Basic a",
        "Basic ☃",
        "Bearer abc",
        basic(b"\xff:"),
        basic(b":x"),
    ],
)
def test_finds_no_key_if_there_is_none(header: str | None) -> None:
    assert write_key_of(header) is None


def test_a_key_leads_to_its_app() -> None:
    assert app_id_of("key-2", KEYS) == "shop"


@pytest.mark.parametrize("key", [None, "", "key-3", "website"])
def test_refuses_other_keys_if_some_are_set_up(key: str | None) -> None:
    with pytest.raises(UnknownKeyError, match="Basic authentication"):
        app_id_of(key, KEYS)


@pytest.mark.parametrize(
    ("key", "app_id"),
    [("any", "any"), (None, "default"), ("", "default"), ("x" * 200, "x" * 128)],
)
def test_a_key_is_its_apps_name_if_none_are_set_up(key: str | None, app_id: str) -> None:
    assert app_id_of(key, {}) == app_id
