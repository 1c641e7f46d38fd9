import pytest
import typer

from headwater_local.commands.up import chosen_sinks


@pytest.mark.parametrize("text", ["history", " history ,", "history,history"])
def test_starts_the_sinks_that_are_named(text: str) -> None:
    assert chosen_sinks(text) == ("history",)


def test_starts_none_by_default() -> None:
    assert chosen_sinks("") == ()


def test_says_which_sinks_there_are() -> None:
    with pytest.raises(typer.BadParameter, match="'lake' is not a sink: choose from history"):
        chosen_sinks("history,lake")
