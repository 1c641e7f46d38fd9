"""The data directory of a local run: everything that must outlive it, and its traces.

DIR/aws/s3        the lake's files, as the stand-in stores objects
DIR/aws/state     the stand-in's catalog and stream, saved when it stops
DIR/driver        how far each consumer's driver has read the stream, and what it says of itself
DIR/postgres      the PostgreSQL of the counts, if they are switched on
DIR/poller        how far each poller's config has been polled
DIR/run           lock, ports, tracking plan and ``<part>.pid`` of the run going on
DIR/log           ``<part>.log`` of this run and ``<part>.log.1`` of the last
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from headwater_local.errors import DirectoryUnusableError, NotRunningError
from headwater_local.files import replace_file
from headwater_local.ports import Ports

DEFAULT = Path(".headwater")


@dataclass(frozen=True)
class DataDir:
    """Layout of a data directory; ``root`` is absolute."""

    root: Path

    @classmethod
    def at(cls, path: Path) -> Self:
        """Return the layout below ``path``, which need not exist."""
        return cls(path.expanduser().resolve())

    @property
    def objects(self) -> Path:
        """S3 objects of the stand-in."""
        return self.root / "aws" / "s3"

    @property
    def aws_state(self) -> Path:
        """Saved services of the stand-in."""
        return self.root / "aws" / "state"

    @property
    def aws_started(self) -> Path:
        """Touched whenever the stand-in is started."""
        return self.root / "aws" / "started"

    @property
    def postgres(self) -> Path:
        """The PostgreSQL of the counts."""
        return self.root / "postgres"

    def checkpoints(self, consumer: str) -> Path:
        """Return the file that says how far a consumer's driver has dealt with each shard."""
        return self.root / "driver" / f"{consumer}.checkpoints.json"

    def driver_report(self, consumer: str) -> Path:
        """Return what a consumer's driver says about itself, rewritten as it goes."""
        return self.root / "driver" / f"{consumer}.json"

    def poller_state(self, source: str) -> Path:
        """Return the file that says how far a poller's config, by its id, has been polled."""
        return self.root / "poller" / f"{source}.json"

    @property
    def lock(self) -> Path:
        """Locked by the run that uses the directory; holds its pid."""
        return self.root / "run" / "up.lock"

    @property
    def tracking_plan(self) -> Path:
        """The plan that the run began with; absent if it has none."""
        return self.root / "run" / "tracking_plan.yaml"

    def pid_file(self, part: str) -> Path:
        """Return the file that holds the pid of a part that runs."""
        return self.root / "run" / f"{part}.pid"

    def log_file(self, part: str) -> Path:
        """Return the file that a part logs to."""
        return self.root / "log" / f"{part}.log"

    def prepare(self) -> None:
        """Make the folders and prove that they can be written.

        Raises:
            DirectoryUnusableError: with the reason the system gives.
        """
        try:
            for folder in (self.objects, self.aws_state, self.root / "driver"):
                folder.mkdir(parents=True, exist_ok=True)
            for folder in (self.lock.parent, self.log_file("up").parent):
                folder.mkdir(exist_ok=True)
                replace_file(folder / "probe", "")
                (folder / "probe").unlink()
        except OSError as error:
            raise DirectoryUnusableError(
                f"The data directory {self.root} cannot be used ({error.strerror}): "
                "choose another with --data-dir."
            ) from error

    def keep_tracking_plan(self, text: bytes | None) -> None:
        """Keep the plan of the run that begins, for every process that works on its tables."""
        if text is None:
            self.tracking_plan.unlink(missing_ok=True)
        else:
            self.tracking_plan.write_bytes(text)

    def announce(self, ports: Ports) -> None:
        """Write the ports to a file for the other commands."""
        replace_file(self._ports, json.dumps(asdict(ports)))

    def withdraw(self) -> None:
        """Delete that file."""
        self._ports.unlink(missing_ok=True)

    def running_ports(self) -> Ports:
        """Return the ports of the run that goes on here.

        Raises:
            NotRunningError: Headwater is not running on it.
        """
        try:
            return Ports(**json.loads(self._ports.read_text()))
        except OSError as error:
            raise self.not_running() from error

    def not_running(self) -> NotRunningError:
        """Return the error that says that a command needs ``up``."""
        return NotRunningError(
            f"Headwater is not running on {self.root}: start it with `headwater up`, "
            "or name another directory with --data-dir."
        )

    @property
    def _ports(self) -> Path:
        return self.root / "run" / "ports.json"
