import itertools
from pathlib import Path

from headwater_local.lambda_service.driver_report import DriverReport, Reporter
from headwater_local.lambda_service.event_source.fakes import ManualClock
from headwater_local.lambda_service.event_source.shard_consumer import ShardStatus


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    report = DriverReport(True, 3, {"shard-0": ShardStatus(checkpoint="7", failures=1)}, 1000.5)

    report.write(tmp_path / "driver.json")

    assert DriverReport.read(tmp_path / "driver.json") == report


def test_a_driver_that_has_not_begun_is_not_ready(tmp_path: Path) -> None:
    assert DriverReport.read(tmp_path / "driver.json") == DriverReport(False, 0, {})


def test_the_first_report_is_written_at_once(tmp_path: Path) -> None:
    file = tmp_path / "driver.json"

    Reporter(file, lambda: DriverReport(True)).keep_current()

    assert DriverReport.read(file).function_ready


def test_news_waits_until_a_second_is_over(tmp_path: Path) -> None:
    file = tmp_path / "driver.json"
    clock = ManualClock()
    timeouts = itertools.count(1)
    reporter = Reporter(file, lambda: DriverReport(True, next(timeouts)), clock.now)
    reporter.keep_current()

    reporter.keep_current()
    early = DriverReport.read(file).function_timeouts
    clock.advance(1.0)
    reporter.keep_current()

    assert (early, DriverReport.read(file).function_timeouts) == (1, 2)
