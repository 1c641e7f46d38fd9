"""The archive on a laptop: a stand-in for Firehose that invokes the real transformation."""

from headwater_local import names
from headwater_local.lambda_service.driver_report import DriverReport
from headwater_local.sinks.consumer import READY_SECONDS
from headwater_local.supervision import part_commands
from headwater_local.supervision.run import Run
from headwater_local.supervision.supervisor import Supervisor


def prepare(_run: Run) -> None:
    """Nothing is missing: the archive is in the data bucket."""


def start(run: Run, supervisor: Supervisor) -> None:
    """Start the stand-in for Firehose with the function that transforms."""
    report = run.data_dir.driver_report(names.ARCHIVE)
    report.unlink(missing_ok=True)
    command = part_commands.archive(run)
    supervisor.start(command)
    supervisor.wait_until(
        lambda: DriverReport.read(report).function_ready, command.part, READY_SECONDS
    )
