import pytest
import typer

from headwater_local.commands.options import chosen_sinks
from headwater_local.sinks.registry import SINKS


@pytest.mark.parametrize("text", ["history", " history ,", "history,history"])
def test_starts_the_sinks_that_are_named(text: str) -> None:
    assert chosen_sinks(text, SINKS) == ("history",)


def test_starts_none_by_default() -> None:
    assert chosen_sinks("", SINKS) == ()


def test_says_which_sinks_there_are() -> None:
    with pytest.raises(typer.BadParameter, match="'lake' is not a sink: choose from history"):
        chosen_sinks("history,lake", SINKS)
