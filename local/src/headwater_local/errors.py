"""What can go wrong on the laptop, each explained in one sentence.

    HeadwaterError
    ├── NotRunningError         nothing answers: ``headwater up`` is not running
    ├── AlreadyRunningError     another ``headwater up`` uses this data directory
    ├── PortInUseError          something else listens on a port that is needed
    ├── DirectoryUnusableError  a directory cannot be made or written
    ├── DiskFullError           less free space than is needed to go on safely
    ├── InstallError            uv or a download failed
    ├── PartError               a part did not start, or died and cannot be restarted
    ├── AbandonedError          a page was left before its question's turn came
    ├── SendError               events could not be sent at all
    ├── PlanError               the tracking plan cannot be used
    ├── PollerConfigError       a config of the poller cannot be used
    ├── DoctorError             the doctor cannot open a page
    ├── OutputsError            Terraform's outputs cannot be read, or lack one
    ├── TailError               the stream cannot be followed
    ├── DemoError               a stack has no demo, or AWS refuses its visitors
    ├── SettingError            an environment variable has a value that it cannot have
    ├── FunctionFailedError     maintenance or replay failed
    ├── RegisterRefusedError    the catalog has the table, or no metadata to register it by
    └── RewindRefusedError      a table cannot be rewound, or not to that snapshot

What can go wrong with a question and its answer is in ``headwater_reports.errors``, as on AWS.

The command line prints the sentence and exits with 1; anything else that
escapes is a bug and keeps its traceback.
"""

from headwater_reports.errors import HeadwaterError, UnavailableError


class NotRunningError(UnavailableError):
    """``headwater up`` is not running on the data directory."""


class AlreadyRunningError(HeadwaterError):
    """Another ``headwater up`` holds the data directory."""


class PortInUseError(HeadwaterError):
    """A port that a part needs is taken."""


class DirectoryUnusableError(HeadwaterError):
    """A directory cannot be created or written."""


class DiskFullError(HeadwaterError):
    """There is too little free disk space."""


class InstallError(HeadwaterError):
    """A dependency of the first run could not be fetched or installed."""


class PartError(HeadwaterError):
    """A part did not become ready, or died and cannot be restarted."""


class AbandonedError(HeadwaterError):
    """A page was left before its question's turn came."""


class SendError(HeadwaterError):
    """No event could be sent: the address, the key or the file is wrong."""


class PlanError(HeadwaterError):
    """A tracking plan does not exist, or has problems; a line for each."""


class PollerConfigError(HeadwaterError):
    """A poller's config does not exist, or has problems; a line for each."""


class DoctorError(HeadwaterError):
    """The doctor cannot open a page: the address is not valid, or no browser starts."""


class OutputsError(HeadwaterError):
    """Terraform's outputs cannot be read, or lack one that is needed."""


class TailError(HeadwaterError):
    """The stream of a stack cannot be followed."""


class DemoError(HeadwaterError):
    """A stack has no demo to fill, or AWS refuses what fills it."""


class SettingError(HeadwaterError):
    """An environment variable of the collector or the writer has a value that it cannot have."""


class FunctionFailedError(HeadwaterError):
    """A function that was invoked on the lake failed; what it had done stays done."""


class RegisterRefusedError(HeadwaterError):
    """The catalog has the table, or its folder does not say what to register it by."""


class RewindRefusedError(HeadwaterError):
    """A table cannot be rewound to the snapshot, and stays as it is."""
