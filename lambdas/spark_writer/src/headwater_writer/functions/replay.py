"""What AWS Lambda calls to put failures through again: by S3's notice, a schedule or an operator.

In the writer's image, with ``headwater_writer.functions.replay.handler`` as its command.
Spark starts when there is something to do: most hours nothing waits, and to see that takes Python
alone.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from random import shuffle
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from aws_lambda_powertools import Logger
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from headwater_writer.failures import clients
from headwater_writer.functions.invocation import Context, seconds_left
from headwater_writer.process import Process, rules
from headwater_writer.publish.settle import PublishError
from headwater_writer.replay.destination import Destination, created_objects
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.request import GivenUp, Replay, request
from headwater_writer.replay.run import Step, batches, failed_records
from headwater_writer.settings import Settings
from headwater_writer.spark import session

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MIN_SECONDS: Final = 120
"""With less time than this no batch and no run of records is begun; one takes seconds, or a minute
where it is cut down to single records."""

LAKE_FAILED: Final = (
    "the tables could not be read or written: the log says why. What is done stays done, and "
    "asking again is safe"
)

_LAKE_ERRORS: Final = (PySparkException, Py4JError, PublishError)
"""What quotes Spark, Iceberg or Java, which may quote rows, settings and code in turn."""

_logger = Logger(service="replay")
_settings = Settings.from_environment(os.environ)

Report = dict[str, Any]


class StillFailingError(Exception):
    """Records of a batch failed once more; its object is where it was."""


class LakeFailedError(Exception):
    """The tables could not be read or written; the log has the error itself."""


@cache
def _process() -> Process:
    return Process.on(session.start(_settings), _settings, rules(_settings), _logger)


@cache
def _client() -> "S3Client":
    return clients.s3(_settings)


def handler(event: Mapping[str, Any], context: Context) -> Report:
    """Put through what an "Object Created" notification names, or what the event asks for.

    ``{"replay": {"stage": …, "dry_run": …}}`` takes the failed records that a filter chooses,
    ``{"given_up": {}}`` all batches that wait. The report counts what was done and what became of
    it; if the time did not suffice, ``then`` is the event that asks for the rest. An event that
    asks for something else is answered with an ``error`` that says what can be asked for.

    Raises:
        LakeFailedError, StillFailingError: an alarm on the function's errors is to tell of it.
    """
    if "Records" in event:
        return _logged(_reported(partial(_notified, event)), alarm=True)
    try:
        asked = request(event)
    except msgspec.ValidationError as error:
        return _logged({"error": str(error)}, alarm=False)
    if isinstance(asked, Replay):
        return _logged(_reported(partial(_replay, asked, context)), alarm=False)
    return _logged(_reported(partial(_given_up, asked, context)), alarm=asked.alarm)


def _reported(work: Callable[[], Report]) -> Report:
    try:
        return work()
    except _LAKE_ERRORS:
        _logger.exception("the lake failed")
        return {"error": LAKE_FAILED}


def _notified(event: Mapping[str, Any]) -> Report:
    outcome = Outcome()
    for bucket, key in created_objects(event):
        for step in batches(Destination(_client(), bucket), [key], _process().writer):
            outcome += _noted(step)
    return outcome.as_json()


def _replay(asked: Replay, context: Context) -> Report:
    steps = failed_records(_process(), _settings, asked, dry=asked.dry_run, after=asked.after)
    last, report = _follow(steps, context)
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
        outcome += _noted(step)
        if step.done and seconds_left(context) < MIN_SECONDS:
            break
    return step, {"done": step.done, "of": step.of, **outcome.as_json()}


def _noted(step: Step) -> Outcome:
    _logger.info("progress", done=step.done, of=step.of)
    if step.error:
        _logger.error("a batch failed", exc_info=step.error)
    return step.outcome


def _logged(report: Report, *, alarm: bool) -> Report:
    _logger.info("replayed", report=report)
    error, failing = report.get("error"), report.get("failing")
    if alarm and error:
        raise LakeFailedError(error)
    if alarm and failing:
        raise StillFailingError(f"{sum(failing.values())} fail: {failing}")
    return report
