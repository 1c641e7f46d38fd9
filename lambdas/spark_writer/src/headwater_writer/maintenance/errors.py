"""What can go wrong in maintenance.

MaintenanceError
├── ContentionError   others changed the table's properties each time that we tried to
├── LeaseHeldError    another worker is at the table
├── LeaseLostError    our lease ran out, and another worker took it
├── RewindError       the table cannot be taken there
├── StepError         a step did not go through; it can be done again at any time
└── TableGoneError    the table was dropped
"""


class MaintenanceError(Exception):
    """A failure that its text explains."""


class ContentionError(MaintenanceError):
    """Every try to change the table's properties was overtaken."""


class LeaseHeldError(MaintenanceError):
    """Another worker holds the table's lease."""


class LeaseLostError(MaintenanceError):
    """The table's lease is no longer ours."""


class RewindError(MaintenanceError):
    """The snapshot is not there, or what happened since is not known any more."""


class StepError(MaintenanceError):
    """Spark or Iceberg refused; what was committed before stays."""


class TableGoneError(MaintenanceError):
    """Somebody dropped the table while we were at it."""
