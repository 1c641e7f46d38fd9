import pytest
import typer

from headwater_local.commands.options import chosen_sinks

KNOWN = ("history", "counts")


@pytest.mark.parametrize("text", ["history", " history ,", "history,history"])
def test_starts_the_sinks_that_are_named(text: str) -> None:
    assert chosen_sinks(text, KNOWN) == ("history",)


def test_starts_none_by_default() -> None:
    assert chosen_sinks("", KNOWN) == ()


def test_says_which_sinks_there_are() -> None:
    with pytest.raises(typer.BadParameter, match="'lake' is not a sink: choose from hist"):
        chosen_sinks("history,lake", KNOWN)
