"""What several commands take and check, and how to show one for the user to type."""

import shlex
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import msgspec
import typer

from headwater_local.data_dir import DEFAULT, DataDir

INTERRUPTED: Final = 130
"""The exit code of what Ctrl-C ended, as shells have it."""

DataDirOption: TypeAlias = Annotated[
    Path, typer.Option(help="Where events, tables and logs are kept.")
]

OutputsOption: TypeAlias = Annotated[
    typer.FileBinaryRead | None,
    typer.Option(
        help="What `terraform output -json` prints, a file or - for standard input; "
        "without it, the Headwater that runs here."
    ),
]


Event: TypeAlias = Mapping[str, Any]


def require_valid(event: Event, request: Callable[[Event], object]) -> None:
    """Check an event, as its function does, before anything starts.

    Raises:
        typer.BadParameter: the function would refuse it.
    """
    try:
        request(event)
    except msgspec.ValidationError as error:
        raise typer.BadParameter(str(error)) from error


def chosen_sinks(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the sinks that a list with commas names, each once.

    Raises:
        typer.BadParameter: one of them is not ``known``.
    """
    chosen = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in chosen if name not in known]:
        raise typer.BadParameter(
            f"{unknown[0]!r} is not a sink: choose from {', '.join(known)}", param_hint="--sinks"
        )
    return tuple(dict.fromkeys(chosen))


def command_line(command: str, data_dir: DataDir) -> str:
    """Return what to type for a command that works on a data directory.

    Args:
        command: The command and its other options, as in ``query "select 1"``.
        data_dir: The directory, which is named unless it is the default.
    """
    return f"uv run headwater {command}{_option(data_dir)}"


def _option(data_dir: DataDir) -> str:
    if data_dir == DataDir.at(DEFAULT):
        return ""
    here, root = Path.cwd(), data_dir.root
    shown = root.relative_to(here) if root.is_relative_to(here) else root
    return f" --data-dir {shlex.quote(str(shown))}"
