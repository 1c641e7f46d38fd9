"""What can go wrong in maintenance.

MaintenanceError
├── ContentionError   others changed the table at each attempt
├── LeaseHeldError    another worker has the table
├── LeaseLostError    our lease ran out, and another worker took it
├── RegisterError     the catalog has the table, or no metadata file is the newest
├── RewindError       the table cannot be taken to that snapshot
├── StepError         a step failed; it can be retried at any time
└── TableGoneError    the table does not exist
"""


class MaintenanceError(Exception):
    """A failure that its text explains."""


class ContentionError(MaintenanceError):
    """Others changed the table's properties at each attempt to."""


class LeaseHeldError(MaintenanceError):
    """Another worker holds the table's lease."""


class LeaseLostError(MaintenanceError):
    """Another worker took the table's lease, which had run out."""


class RegisterError(MaintenanceError):
    """The catalog has the table, or its folder does not say which metadata file is the newest."""


class RewindError(MaintenanceError):
    """The snapshot does not exist, or the ones between it and the newest have expired."""


class StepError(MaintenanceError):
    """Spark or Iceberg failed; what was committed before stays."""


class TableGoneError(MaintenanceError):
    """The table was dropped, or never created."""
