"""The settings that a user gives the handlers, checked before anything starts."""

from headwater_collector.settings import Settings as CollectorSettings
from headwater_local.errors import SettingError
from headwater_local.supervision import part_commands
from headwater_local.supervision.run import Run
from headwater_writer.settings import Settings as WriterSettings


def require_usable(run: Run) -> None:
    """Check the collector's and the writer's environment as they will themselves.

    Raises:
        SettingError: one of them could not start.
    """
    try:
        CollectorSettings.from_environment(part_commands.collector(run).environment)
        WriterSettings.from_environment(part_commands.environment(run, part_commands.lake(run)))
    except ValueError as error:
        raise SettingError(f"{error}. Nothing was started.") from error
