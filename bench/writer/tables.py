"""What was measured, as the tables of the document."""

import statistics
from collections.abc import Mapping, Sequence
from typing import TypedDict

from writer.contenders import OURS, PEER, SHARED

Seconds = Mapping[str, Sequence[float]]
"""The seconds of each run, by what was run."""


class Warm(TypedDict):
    """What ``writer.warm`` prints."""

    seconds: Seconds
    same_rows: bool


def ladder(seconds: Seconds, events: int) -> str:
    """Return the table of cold starts on new tables, one lever after the other."""
    return (
        f"From process start to the first commit of {events:,} events, one lever after the other, "
        f"{_runs(seconds)} runs in turn:\n\n{_beside_the_first(seconds)}"
    )


def hour(seconds: Seconds, commits: int, events_each: int) -> str:
    """Return the table of cold starts on tables that hold the shard's last hour."""
    return (
        f"The same on tables that hold the shard's last hour, {commits} commits of {events_each:,} "
        f"events:\n\n{_beside_the_first(seconds)}"
    )


def _runs(seconds: Seconds) -> int:
    return len(next(iter(seconds.values())))


def _beside_the_first(seconds: Seconds) -> str:
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    stock = next(iter(medians.values()))
    rows = "\n".join(
        f"| {name} | {median:.1f} | {min(seconds[name]):.1f} | {stock / median:.2f} |"
        for name, median in medians.items()
    )
    return "| | median, s | least, s | times faster than stock |\n|---|---|---|---|\n" + rows


def warm(measured: Mapping[int, Warm]) -> str:
    """Return the table of warm batches by their events: in all, and beside the shared part."""
    rows = "\n".join(
        f"| {events:,} | {_in_all(each['seconds'])} | {_beside_shared(each['seconds'])} |"
        for events, each in measured.items()
    )
    return (
        "A warm batch, invocation to visible, in turn in one process; on the right without the "
        "shared part:\n\n"
        "| events | this writer, s | pyiceberg, s | ratio "
        "| shared part, s | this writer without it, s | pyiceberg without it, s "
        "| ratio |\n|---|---|---|---|---|---|---|---|\n" + rows + "\n\n" + _notes(measured)
    )


def wire(measured: Mapping[int, Warm], milliseconds: int) -> str:
    """Return the table of warm batches by their events, each request delayed."""
    rows = "\n".join(
        f"| {events:,} | {_in_all(each['seconds'])} |" for events, each in measured.items()
    )
    return (
        f"The same with every request delayed by {milliseconds} ms on its way to S3 and Glue:\n\n"
        "| events | this writer, s | pyiceberg, s | ratio |\n|---|---|---|---|\n"
        + rows
        + "\n\n"
        + _notes(measured)
    )


def _in_all(seconds: Seconds) -> str:
    return _and_ratio(statistics.median(seconds[OURS]), statistics.median(seconds[PEER]))


def _beside_shared(seconds: Seconds) -> str:
    # Round by round: what slows the machine for a while slows all that take turns.
    ours, peer = (
        statistics.median(
            whole - part for whole, part in zip(seconds[name], seconds[SHARED], strict=True)
        )
        for name in (OURS, PEER)
    )
    return f"{statistics.median(seconds[SHARED]):.2f} | {_and_ratio(ours, peer)}"


def _and_ratio(ours: float, peer: float) -> str:
    return f"{ours:.2f} | {peer:.2f} | {ours / peer:.2f}"


def _notes(measured: Mapping[int, Warm]) -> str:
    differing = [f"{events:,}" for events, each in measured.items() if not each["same_rows"]]
    if differing:
        return f"**The tables hold different rows** after {', '.join(differing)} events."
    return "Both tables hold the same rows after each."


def memory(peaks: Mapping[int, Mapping[str, int]], rounds: int, megabytes: int) -> str:
    """Return the table of peak memory, in bytes by process, by the events of a batch."""
    rows = "\n".join(
        f"| {events:,} | " + " | ".join(f"{peak[name] / 2**20:.0f}" for name in _PROCESSES) + " |"
        for events, peak in peaks.items()
    )
    return (
        f"Peak memory of {rounds} batches, with Java told of {megabytes:,} MB:\n\n"
        "| events | Python, MB | Java, MB | both at once, MB |\n|---|---|---|---|\n" + rows
    )


_PROCESSES = ("python", "java", "both")


def requests(ours: Mapping[str, float], peer: Mapping[str, float]) -> str:
    """Return the table of the requests of one warm commit to one table, by kind."""
    rows = "\n".join(
        f"| {kind} | {ours.get(kind, 0):.1f} | {peer.get(kind, 0):.1f} |"
        for kind in sorted({*ours, *peer})
    )
    return (
        "Requests of one warm commit to one table:\n\n"
        "| request | this writer | pyiceberg |\n|---|---|---|\n" + rows
    )
