"""What AWS Lambda calls to put failures through again: by S3's notice, a schedule or an operator.

In the writer's image, with ``headwater_writer.failures.replay_function.handler`` as its command.
Spark starts when there is something to do: most hours nothing waits, and to see that takes Python
alone.
"""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from random import shuffle
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from aws_lambda_powertools import Logger

from headwater_writer import session
from headwater_writer.failures import clients
from headwater_writer.failures.again import Step, batches, failed_records
from headwater_writer.failures.destination import Destination
from headwater_writer.failures.failed_rows import ConditionError
from headwater_writer.failures.notification import created_objects
from headwater_writer.failures.outcome import Outcome
from headwater_writer.failures.process import Process, rules
from headwater_writer.failures.request import GivenUp, Replay, request
from headwater_writer.invocation import Context, seconds_left
from headwater_writer.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MIN_SECONDS: Final = 120
"""With less time than this no batch and no run of records is begun; one takes seconds, or a minute
where it is cut down to single records."""

_logger = Logger(service="replay")
_settings = Settings.from_environment(os.environ)

Report = dict[str, Any]


class StillFailingError(Exception):
    """Records of a batch failed once more; its object is where it was."""


@cache
def _process() -> Process:
    return Process.on(session.start(_settings), _settings, rules(_settings), _logger)


@cache
def _client() -> "S3Client":
    return clients.s3(_settings)


def handler(event: Mapping[str, Any], context: Context) -> Report:
    """Put through what an "Object Created" notification names, or what the event asks for.

    ``{"replay": {"where": …, "dry_run": …}}`` takes failed records, ``{"given_up": {}}`` all
    batches that wait. The report counts what was done and what became of it; where the time did not
    suffice, ``then`` is the event that asks for the rest.

    Raises:
        StillFailingError: a batch failed, and an alarm on the function's errors is to tell so.
        msgspec.ValidationError: the event asks for something else.
    """
    if "Records" in event:
        return _logged(_notified(event), alarm=True)
    asked = request(event)
    if isinstance(asked, Replay):
        return _logged(_replay(asked, context), alarm=False)
    return _logged(_given_up(asked, context), alarm=asked.alarm)


def _notified(event: Mapping[str, Any]) -> Report:
    steps = (
        step
        for bucket, key in created_objects(event)
        for step in batches(Destination(_client(), bucket), [key], _process().writer)
    )
    return sum((step.outcome for step in steps), Outcome()).as_json()


def _replay(asked: Replay, context: Context) -> Report:
    steps = failed_records(_process(), _settings, asked.where, dry=asked.dry_run, after=asked.after)
    try:
        last, report = _follow(steps, context)
    except ConditionError as error:
        return {"error": str(error)}
    rest = {**msgspec.to_builtins(asked), "after": last.place or asked.after}
    return report | {"then": {"replay": rest} if last.done < last.of else None}


def _given_up(asked: GivenUp, context: Context) -> Report:
    where = urlsplit(_settings.failed_batches_uri)
    destination = Destination(_client(), where.netloc)
    keys = list(destination.waiting(where.path.lstrip("/")))
    if not keys:
        return {"done": 0, "of": 0, **Outcome().as_json(), "then": None}
    # In any order: those that fail each time must not keep the others from their turn.
    shuffle(keys)
    last, report = _follow(batches(destination, keys, _process().writer), context)
    rest = msgspec.to_builtins(asked)
    return report | {"then": {"given_up": rest} if last.done < last.of else None}


def _follow(steps: Iterable[Step], context: Context) -> tuple[Step, Report]:
    outcome = Outcome()
    for step in steps:
        outcome += step.outcome
        if step.done and seconds_left(context) < MIN_SECONDS:
            break
    return step, {"done": step.done, "of": step.of, **outcome.as_json()}


def _logged(report: Report, *, alarm: bool) -> Report:
    _logger.info("put through again", report=report)
    failing = report.get("failing")
    if alarm and failing:
        raise StillFailingError(f"{sum(failing.values())} fail: {failing}")
    return report
