"""What the driver is told by its environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from headwater_local.data_dir import DataDir
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping


@dataclass(frozen=True)
class Settings:
    """What the driver is told by its environment, all of it required.

    ``mapping`` is in ``MAPPING`` in the shape of JSON that GetEventSourceMapping answers with.
    ``failed_prefix`` (``FAILED_PREFIX``) is what the keys of given-up batches begin with in the
    mapping's bucket. ``runtime_port`` (``RUNTIME_API_PORT``) is where the writer polls,
    ``timeout_seconds`` (``FUNCTION_TIMEOUT_SECONDS``) how long an invocation may take.
    ``data_dir`` (``DATA_DIR``) has the checkpoints and takes the report; ``endpoint``
    (``AWS_ENDPOINT_URL``) is the URL of the AWS stand-in.
    """

    mapping: EventSourceMapping
    failed_prefix: str
    runtime_port: int
    timeout_seconds: float
    data_dir: DataDir
    endpoint: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            KeyError: a variable is missing.
            ValueError: a variable cannot be read.
        """
        return cls(
            mapping=EventSourceMapping.from_description(json.loads(environment["MAPPING"])),
            failed_prefix=environment["FAILED_PREFIX"],
            runtime_port=int(environment["RUNTIME_API_PORT"]),
            timeout_seconds=float(environment["FUNCTION_TIMEOUT_SECONDS"]),
            data_dir=DataDir.at(Path(environment["DATA_DIR"])),
            endpoint=environment["AWS_ENDPOINT_URL"],
        )
