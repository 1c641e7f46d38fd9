"""What the driver last said in `driver.json`."""

import json
from dataclasses import dataclass

from headwater_local.data_dir import DataDir


@dataclass(frozen=True)
class DriverReport:
    """The part of the driver's status that the supervisor acts on.

    Attributes:
        writer_ready: A writer asks for work, so an event that is sent is written.
        function_timeouts: Invocations that this driver process gave up on.
    """

    writer_ready: bool = False
    function_timeouts: int = 0


def read_driver_report(data_dir: DataDir) -> DriverReport:
    """Read the driver's status; all is at its default before the driver wrote one."""
    try:
        status = json.loads(data_dir.driver_status.read_text())
    except FileNotFoundError:
        return DriverReport()
    return DriverReport(status["writer_ready"], status["function_timeouts"])
