"""Failures put through again, by a process of the writer's own code with a Spark of its own."""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from headwater_local import names, part_commands
from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import ReplayError
from headwater_local.processes import Command, last_lines
from headwater_local.run import Run


@dataclass(frozen=True)
class Progress:
    """How far a replay is, and what has become of what it has done.

    Attributes:
        done: Stream records, or objects of the on-failure destination.
        of: How many there are.
        replayed: Messages that became events.
        already: Messages that were there.
        set_aside: Messages that became failed records.
        failing: What could not be put through, by reason.
    """

    done: int
    of: int
    replayed: int
    already: int
    set_aside: int
    failing: Mapping[str, int]


def replay_failed_records(data_dir: DataDir, where: str | None, *, dry: bool) -> Iterator[Progress]:
    """Put the failed records through again for which a condition holds, or all.

    Raises:
        NotRunningError: Nothing runs on the data directory.
        ReplayError: The condition makes no sense, or the process failed.
    """
    condition = ("--where", where) if where else ()
    return _run(data_dir, *condition, *(("--dry-run",) if dry else ()))


def replay_given_up(data_dir: DataDir) -> Iterator[Progress]:
    """Put the batches through that the mapping gave up on.

    Raises:
        NotRunningError: Nothing runs on the data directory.
        ReplayError: The process failed.
    """
    return _run(data_dir, "--given-up", names.FAILED_BATCHES)


def read(lines: Iterable[str]) -> Iterator[Progress]:
    """Yield what the process says on its standard output, where its Java may have a word too.

    Raises:
        ReplayError: It says that the condition makes no sense.
    """
    for line in filter(_is_ours, lines):
        said: dict[str, Any] = json.loads(line)
        if error := said.get("error"):
            raise ReplayError(f"The condition cannot be used: {error}")
        yield Progress(**said)


def _is_ours(line: str) -> bool:
    return line.startswith("{")


def _run(data_dir: DataDir, *arguments: str) -> Iterator[Progress]:
    cache = Cache.from_environment(os.environ)
    run = Run(data_dir, cache, data_dir.running_ports(), dict(os.environ))
    command = part_commands.replay(run, *arguments)
    log = data_dir.log_file(command.part.name)
    with log.open("w") as errors, _started(command, errors) as process:
        yield from read(process.stdout or ())
    if process.returncode != 0:
        raise ReplayError(f"It failed; its log is {log} and ends with:\n{last_lines(log)}")


def _started(command: Command, errors: IO[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command.arguments,
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
