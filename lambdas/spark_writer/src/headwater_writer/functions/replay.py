"""What AWS Lambda calls for rows that come late: S3's notification, a schedule, an operator.

In the writer's image, with ``headwater_writer.functions.replay.handler`` as its command. Spark
starts only if there is something to do: in most hours nothing waits, and Python alone can tell.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from random import shuffle
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from aws_lambda_powertools import Logger
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from headwater_contract.reasons import without_quotes
from headwater_writer.backfill.lines import MAX_LISTED, Refusal
from headwater_writer.backfill.messages import UnknownAppError
from headwater_writer.backfill.run import Step, backfill
from headwater_writer.backfill.source import SourceError, source_of
from headwater_writer.failures import clients
from headwater_writer.functions.invocation import Context, seconds_left
from headwater_writer.functions.starting import joined
from headwater_writer.process import Process, rules
from headwater_writer.publish.settle import PublishError
from headwater_writer.replay.destination import Destination, created_objects
from headwater_writer.replay.given_up import log_given_up
from headwater_writer.replay.outcome import Outcome
from headwater_writer.replay.request import Backfill, GivenUp, Replay, request
from headwater_writer.replay.run import Progress, batches, failed_records
from headwater_writer.settings import Settings
from headwater_writer.spark.launch import launch

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MIN_SECONDS: Final = 120
"""With less time than this, no batch and no run of records is started; one takes seconds, or a
minute if it is split down to single records."""

LAKE_FAILED: Final = (
    "the tables could not be read or written: see the log. What is done stays done; it is safe to "
    "retry"
)

_LAKE_ERRORS: Final = (PySparkException, Py4JError, PublishError)
"""Errors that quote Spark, Iceberg or Java, which may quote rows, settings and code in turn."""

_logger = Logger(service="replay")
_settings = Settings.from_environment(os.environ)

Report = dict[str, Any]


class StillFailingError(Exception):
    """Records of a batch failed again; its object stays."""


class LakeFailedError(Exception):
    """The tables could not be read or written; the log has the error itself."""


@cache
def _process() -> Process:
    spark = joined(launch(_settings).ready(), _logger)
    return Process.on(spark, _settings, rules(_settings), _logger)


@cache
def _client() -> "S3Client":
    return clients.s3(_settings)


def handler(event: Mapping[str, Any], context: Context) -> Report:
    """Replay what an "Object Created" notification names, or what the event asks for.

    ``{"replay": {"stage": …, "dry_run": …}}`` replays the failed records that match a filter,
    ``{"given_up": {}}`` all batches that wait, and ``{"backfill": {"source": …}}`` writes the files
    of an archive. The report counts what was done and the outcomes; if there was too little time,
    ``then`` is the event that asks for the rest. An event that asks for something else is answered
    with an ``error`` that says what it may ask for.

    Raises:
        LakeFailedError, StillFailingError: to ring the alarm on the function's errors.
    """
    if "Records" in event:
        return _logged(_reported(partial(_replay_created, event)), alarm=True)
    try:
        asked = request(event)
    except msgspec.ValidationError as error:
        return _logged({"error": str(error)}, alarm=False)
    if isinstance(asked, Replay):
        return _logged(_reported(partial(_replay, asked, context)), alarm=False)
    if isinstance(asked, Backfill):
        return _logged(_reported(partial(_backfill, asked, context)), alarm=False)
    return _logged(_reported(partial(_given_up, asked, context)), alarm=asked.alarm)


def _reported(work: Callable[[], Report]) -> Report:
    try:
        return work()
    except _LAKE_ERRORS:
        _logger.exception("the lake failed")
        return {"error": LAKE_FAILED}
    except (SourceError, UnknownAppError) as error:
        return {"error": str(error)}


def _replay_created(event: Mapping[str, Any]) -> Report:
    outcome, created = Outcome(), list(created_objects(event))
    log_given_up(_logger, len(created))
    for bucket, key in created:
        for step in batches(Destination(_client(), bucket), [key], _process().writer):
            outcome += _log_progress(step)
    return outcome.as_json()


def _replay(asked: Replay, context: Context) -> Report:
    steps = failed_records(_process(), _settings, asked, dry=asked.dry_run, after=asked.after)
    last, report = _follow(steps, context)
    rest = {**msgspec.to_builtins(asked), "after": last.position or asked.after}
    return report | {"then": {"replay": rest} if last.done < last.of else None}


def _given_up(asked: GivenUp, context: Context) -> Report:
    uri = urlsplit(_settings.failed_batches_uri)
    destination = Destination(_client(), uri.netloc)
    keys = list(destination.waiting(uri.path.lstrip("/")))
    if not keys:
        return {"done": 0, "of": 0, **Outcome().as_json(), "then": None}
    log_given_up(_logger, len(keys))
    # In random order: batches that fail each time must not starve the others.
    shuffle(keys)
    last, report = _follow(batches(destination, keys, _process().writer), context)
    rest = msgspec.to_builtins(asked)
    return report | {"then": {"given_up": rest} if last.done < last.of else None}


def _backfill(asked: Backfill, context: Context) -> Report:
    source = source_of(asked.source, _client(), _settings.backfill_folder)
    steps = backfill(source, _process().writer, app=asked.app, after=asked.after)
    outcome, listed = Outcome(), 0
    for step in steps:
        outcome += step.outcome
        _logger.info("progress", done=step.done, of=step.of, after=step.place)
        listed += _log_refusals(step.refusals[: MAX_LISTED - listed])
        if step.outcome != Outcome() and seconds_left(context) < MIN_SECONDS:
            rest = {**msgspec.to_builtins(asked), "after": step.place}
            return _backfilled(step, outcome) | {"then": {"backfill": rest}}
    return _backfilled(step, outcome) | {"then": None}


def _backfilled(step: Step, outcome: Outcome) -> Report:
    return {"done": step.done, "of": step.of, **outcome.as_json()}


def _log_refusals(refusals: Sequence[Refusal]) -> int:
    for each in refusals:
        file, line = each.place
        _logger.warning("refused", file=file, line=line, reason=without_quotes(each.reason))
    return len(refusals)


def _follow(steps: Iterable[Progress], context: Context) -> tuple[Progress, Report]:
    outcome = Outcome()
    for step in steps:
        outcome += _log_progress(step)
        if step.done and seconds_left(context) < MIN_SECONDS:
            break
    return step, {"done": step.done, "of": step.of, **outcome.as_json()}


def _log_progress(step: Progress) -> Outcome:
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
