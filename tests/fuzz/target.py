"""What a target of the fuzzer is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Checked:
    """What an input was, what became of it in a word, and the sentences about what is wrong."""

    shown: object
    outcome: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Makes an input from a source of chance, and checks what becomes of it.

    ``check`` raises what the code under test must not raise. Of all inputs it gets ``share``.
    """

    name: str
    check: Callable[[Random], Checked]
    share: float


def replay(target: Target, seed: int) -> Checked:
    """Make the input of a seed and check it; raises what the code under test raises."""
    return target.check(_chance(target.name, seed))


def run(target: Target, seed: int) -> Checked:
    """Do the same; an exception is what is wrong with the input."""
    try:
        return replay(target, seed)
    except Exception as error:  # noqa: BLE001 -- any is a finding
        return Checked(None, "exception", (f"{type(error).__name__}: {error!s:.200}",))


def assigned(targets: tuple[Target, ...], seeds: range) -> Iterator[tuple[Target, int]]:
    """Yield each seed with the target that it is for, always the same one."""
    weights = [target.share for target in targets]
    for seed in seeds:
        yield _chance("target", seed).choices(targets, weights)[0], seed


def _chance(purpose: str, seed: int) -> Random:
    return Random(f"{purpose}:{seed}")  # noqa: S311 -- to be had again, not to be kept secret
