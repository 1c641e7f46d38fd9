"""The committer of staged mode. Without it rows come all the same: writers commit by themselves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from headwater_local.doctor.finding import Finding, warning
from headwater_local.doctor.mapping import find_mapping, is_on, problem_of, switch
from headwater_local.doctor.metrics import Metric, newest_maximum
from headwater_local.doctor.stack import Committer, Stack

PART: Final = "committer"
MAX_AGE_SECONDS: Final = 60
"""A writer waits for some forty seconds, and then commits by itself."""

_LOOKED_BACK: Final = timedelta(minutes=5)


def examine_committer(stack: Stack, committer: Committer, now: datetime) -> Iterator[Finding]:
    """Yield whether offers are taken, and how long the oldest has waited."""
    yield _mapping(stack, committer.event_source_mapping_id)
    yield from _oldest_offer(stack, committer.queue_name, now)


def _mapping(stack: Stack, uuid: str) -> Finding:
    mapping = find_mapping(stack, uuid)
    if mapping is None:
        return warning(PART, f"its event source mapping {uuid} is gone", "`terraform apply`")
    if not is_on(mapping):
        return warning(
            PART,
            f"its event source mapping is {mapping['State'].lower()}: writers wait in vain for "
            "forty seconds, and commit by themselves",
            switch(uuid, on=True),
        )
    if problem := problem_of(mapping):
        return warning(PART, f"Lambda could not call it: {problem}", "look into its log")
    return Finding(PART, f"its event source mapping is {mapping['State'].lower()}")


def _oldest_offer(stack: Stack, queue: str, now: datetime) -> Iterator[Finding]:
    metric = Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue)
    seconds = newest_maximum(stack, metric, now - _LOOKED_BACK, now)
    if seconds is not None and seconds > MAX_AGE_SECONDS:
        said = f"the oldest offer has waited for {seconds:,.0f} s"
        yield warning(PART, said, "look into its log (docs/operations.md, `committer-lag`)")
