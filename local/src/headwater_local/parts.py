"""What each part of the local run is: its command and its environment."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from headwater_local import aws, aws_client, names, training_ground
from headwater_local.cache import Cache
from headwater_local.class_archive import archive_file
from headwater_local.data_dir import DataDir
from headwater_local.leftovers import DEFAULT_GRACE_SECONDS, GRACE_SECONDS
from headwater_local.ports import Ports
from headwater_local.processes import Command

_PROXIES = {"http_proxy", "https_proxy", "all_proxy"}


@dataclass(frozen=True)
class Parts:
    """The commands of all parts of one run.

    Attributes:
        data_dir: What the run keeps.
        cache: Jars and the stand-in's environment, fetched before.
        ports: Where the parts listen.
        environment: The user's environment. Settings of the collector and the
            writer pass through it (`WRITE_KEYS`, `CAPTURE_HEADERS`, …); AWS
            settings and proxies do not, as every part stays on loopback.
    """

    data_dir: DataDir
    cache: Cache
    ports: Ports
    environment: Mapping[str, str]

    def aws(self, python: Path) -> Command:
        """Return the stand-in's command; `python` is the one that has ministack."""
        settings = aws.server_environment(
            self.ports.aws, self.data_dir.aws_state, self.data_dir.objects
        )
        return self._command("aws", aws.command(python), settings)

    def driver(self) -> Command:
        """Return the event source mapping and the Runtime API it invokes through."""
        return self._module(
            "driver",
            "headwater_local.driver",
            {
                "STREAM_NAME": names.STREAM,
                "RUNTIME_API_PORT": str(self.ports.runtime),
                "STATE_DIR": str(self.data_dir.driver),
                "FAILED_BATCHES": names.FAILED_BATCHES,
            },
        )

    def training(self, archive: Path) -> Command:
        """Return the run that makes the class archive, when nobody else wants the processor."""
        place = {"GLUE_DATABASE": training_ground.DATABASE, "WAREHOUSE": training_ground.WAREHOUSE}
        settings = {**place, "JARS_DIR": str(self.cache.jars)}
        training = self._module("training", "headwater_writer.training", settings, str(archive))
        return replace(training, arguments=("nice", "-n", "19", *training.arguments))

    def writer(self) -> Command:
        """Return the writer as its image starts it, polling our Runtime API."""
        handler = "headwater_writer.lambda_function.handler"
        settings = {**self._lake(), **self._lambda_environment()}
        return self._module("writer", "awslambdaric", settings, handler)

    def replay(self, *arguments: str) -> Command:
        """Return the process that puts failures through again, which ends by itself."""
        return self._module("replay", "headwater_writer.failures", self._lake(), *arguments)

    def collector(self) -> Command:
        """Return the collector's handler behind HTTP."""
        return self._module(
            "collector",
            "headwater_local.collector",
            {"STREAM_NAME": names.STREAM, "API_PORT": str(self.ports.api)},
        )

    def site(self) -> Command:
        """Return the demo website."""
        settings = {"SITE_PORT": str(self.ports.site), "API_URL": self.ports.api_url}
        return self._module("site", "headwater_local.site", settings)

    def _lake(self) -> dict[str, str]:
        """Return what every process is told that works on the tables with Spark."""
        archive = archive_file(self.cache)
        return {
            "GLUE_DATABASE": names.DATABASE,
            "WAREHOUSE": names.WAREHOUSE,
            "JARS_DIR": str(self.cache.jars),
            **({"CLASS_ARCHIVE": str(archive)} if archive.exists() else {}),
        }

    def _lambda_environment(self) -> dict[str, str]:
        """Return what Lambda tells every function ("Using Lambda environment variables")."""
        return {
            "AWS_LAMBDA_RUNTIME_API": f"{names.LOOPBACK}:{self.ports.runtime}",
            "AWS_LAMBDA_FUNCTION_NAME": "headwater-writer",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/headwater-writer",
            "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        }

    def _module(
        self, part: str, module: str, settings: Mapping[str, str], *arguments: str
    ) -> Command:
        return self._command(part, (sys.executable, "-m", module, *arguments), settings)

    def _command(
        self, part: str, arguments: tuple[str, ...], settings: Mapping[str, str]
    ) -> Command:
        environment = {
            **inherited(self.environment),
            **aws_client.environment(self.ports.aws_url),
            **settings,
        }
        return Command(part, arguments, environment, GRACE_SECONDS.get(part, DEFAULT_GRACE_SECONDS))


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of the user's environment a part may see."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and name.lower() not in _PROXIES
    }
    return {**kept, "PYTHONUNBUFFERED": "1", "TZ": "UTC"}
