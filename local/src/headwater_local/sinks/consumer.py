"""Starting a function that reads the stream independently of the writer.

It has a driver of its own, as it has an event source mapping of its own on AWS: one that fails or
falls behind holds up no other.
"""

from collections.abc import Mapping
from typing import Final

from headwater_local.lambda_service.driver_report import DriverReport
from headwater_local.ports import unused_port
from headwater_local.supervision import part_commands
from headwater_local.supervision.run import Run
from headwater_local.supervision.supervisor import Supervisor

READY_SECONDS: Final = 60.0


def start_consumer(
    run: Run, supervisor: Supervisor, sink: str, handler: str, settings: Mapping[str, str]
) -> None:
    """Start a sink's driver and its function, and return when that polls for events.

    ``handler`` is the function's handler, as Lambda names it; ``settings`` is its environment.

    Raises:
        PartError: one of the two did not become ready.
    """
    port = unused_port()
    report = run.data_dir.driver_report(sink)
    report.unlink(missing_ok=True)
    driver = part_commands.sink_driver(run, sink, port)
    supervisor.start(driver)
    supervisor.wait_until(report.exists, driver.part, READY_SECONDS)
    function = part_commands.sink_function(run, sink, port, handler, settings)
    supervisor.start(function)
    supervisor.wait_until(
        lambda: DriverReport.read(report).function_ready, function.part, READY_SECONDS
    )
