import pytest

from headwater_contract.quoting import listed, quoted


@pytest.mark.parametrize("text", ["", "page", "x" * 40, "Zürich ☃"])
def test_shows_a_short_text_as_it_is(text: str) -> None:
    assert quoted(text) == f"'{text}'"


def test_cuts_a_long_text() -> None:
    assert quoted("x" * 41) == f"'{'x' * 40}'"


@pytest.mark.parametrize("character", ["\\", "\n", "\x00", "\ud800", "\U000e0001", "'\""])
def test_cuts_what_escaping_made_long(character: str) -> None:
    shown = quoted(character * 500)

    assert len(shown) == 42
    assert shown.endswith("…")
    assert shown.isprintable()


def test_lists_values_as_prose() -> None:
    assert listed(["a", "b", "c"]) == "a, b or c"
    assert listed(["a"]) == "a"
