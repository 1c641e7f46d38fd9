"""What stands in for Lambda beside a deployment: its functions as processes, its mapping as ours.

Everything that they are told is read from what was deployed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from pyiceberg.catalog import load_catalog
from pyiceberg.table import Table

from eventually import eventually
from free_ports import free_port
from headwater_local import aws_client, names
from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.supervision.part_commands import inherited
from headwater_local.supervision.training import archive_file
from headwater_writer.spark import jars
from terraform.stand_in import client

TESTS = Path(__file__).parents[1]


class LiveRoute:
    """A deployed stack's collector, mapping and writer, running."""

    def __init__(
        self, outputs: Mapping[str, str], endpoint: str, collector_port: int, folder: Path
    ) -> None:
        self._outputs = outputs
        self._endpoint = endpoint
        self._folder = folder
        self._runtime_port = free_port()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._lambda = client(endpoint, "lambda")
        folder.mkdir()
        self._start_collector(collector_port)
        self._start_driver()
        self._start_writer()

    def stop(self) -> None:
        """End every process."""
        for process in self._processes:
            process.kill()
            process.wait(timeout=30)

    def send(self, *names_of_events: str) -> None:
        """Send events through the deployed address, as a client would."""
        batch = [{"type": "track", "event": name, "userId": "ada"} for name in names_of_events]
        host = urlsplit(self._outputs["api_instance_url"]).netloc
        answer = httpx.post(
            f"{self._endpoint}/v1/batch",
            json={"batch": batch},
            # The stand-in tells addresses apart by name, and this machine resolves none of them.
            headers={"host": host},
            trust_env=False,
            timeout=30,
        )
        assert answer.status_code == httpx.codes.OK, answer.text

    def wait_for_rows(self, *names_of_events: str) -> None:
        """Wait until the table has these events, in any order, each once."""
        expected = sorted(names_of_events)
        eventually(lambda: self.rows() == expected, seconds=300)

    def rows(self) -> list[str]:
        """Return the names of all events in the table, in order."""
        found = self._events().scan(selected_fields=("event_type",)).to_arrow()
        return sorted(str(name) for name in found["event_type"].to_pylist())

    def views(self) -> list[str]:
        """Return the names of the views beside the tables, in order."""
        glue, database = client(self._endpoint, "glue"), self._outputs["glue_database_name"]
        held = glue.get_tables(DatabaseName=database)["TableList"]
        return sorted(each["Name"] for each in held if each["TableType"] == "VIRTUAL_VIEW")

    def columns(self) -> list[str]:
        """Return the names of the table's columns."""
        return [field.name for field in self._events().schema().fields]

    def _events(self) -> Table:
        return events_table(self._endpoint, self._outputs["glue_database_name"])

    def _start_collector(self, port: int) -> None:
        handler = "headwater_collector.lambda_function.handler"
        settings = self._deployed("collector")["Environment"]["Variables"]
        arguments = ("-m", "terraform.function_server", str(port), handler)
        self._start("collector", arguments, settings)

    def _start_driver(self) -> None:
        """Take the records where the deployed mapping would, which is disabled for it."""
        uuid = self._outputs["event_source_mapping_id"]
        mapping = self._lambda.get_event_source_mapping(UUID=uuid)
        self._lambda.update_event_source_mapping(UUID=uuid, Enabled=False)
        data_dir = DataDir.at(self._folder)
        data_dir.prepare()
        settings = {
            "MAPPING": json.dumps(mapping, default=str),
            "FAILED_PREFIX": "",
            "FUNCTION_TIMEOUT_SECONDS": str(self._deployed("writer")["Timeout"]),
            "RUNTIME_API_PORT": str(self._runtime_port),
            "CONSUMER": "writer",
            "DATA_DIR": str(self._folder),
        }
        self._start("driver", ("-m", "headwater_local.lambda_service.driver"), settings)
        eventually(data_dir.driver_report("writer").exists, seconds=120)

    def _start_writer(self) -> None:
        cache = Cache.from_environment(os.environ)
        jars.fetch(cache.jars, print)
        archive = archive_file(cache)
        deployed = self._deployed("writer")
        settings = {
            **deployed["Environment"]["Variables"],
            "JARS_DIR": str(cache.jars),
            **({"CLASS_ARCHIVE": str(archive)} if archive.exists() else {}),
            "AWS_LAMBDA_RUNTIME_API": f"{names.LOOPBACK}:{self._runtime_port}",
            "AWS_LAMBDA_FUNCTION_NAME": deployed["FunctionName"],
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(deployed["MemorySize"]),
        }
        handler = "headwater_writer.functions.writer.handler"
        self._start("writer", ("-m", "awslambdaric", handler), settings)

    def _deployed(self, stop: str) -> dict[str, Any]:
        deployed: dict[str, Any] = self._lambda.get_function_configuration(
            FunctionName=self._name_of(stop)
        )
        return deployed

    def _name_of(self, stop: str) -> str:
        return f"{self._outputs['kinesis_stream_name'].removesuffix('-events')}-{stop}"

    def _start(self, part: str, arguments: tuple[str, ...], settings: Mapping[str, str]) -> None:
        environment = {
            **inherited(os.environ),
            **aws_client.environment(self._endpoint),
            "AWS_ACCESS_KEY_ID": self._name_of(part),  # By which the recording knows it.
            **settings,
            "PYTHONPATH": str(TESTS),
        }
        with (self._folder / f"{part}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, *arguments], env=environment, stdout=log, stderr=log
                )
            )


def events_table(endpoint: str, database: str) -> Table:
    """Return a stack's table of events."""
    catalog = load_catalog(
        "lake",
        type="glue",
        **{
            "glue.endpoint": endpoint,
            "glue.region": names.REGION,
            "glue.access-key-id": aws_client.DUMMY_KEY,
            "glue.secret-access-key": aws_client.DUMMY_KEY,
            "s3.endpoint": endpoint,
            "s3.region": names.REGION,
            "s3.access-key-id": aws_client.DUMMY_KEY,
            "s3.secret-access-key": aws_client.DUMMY_KEY,
        },
    )
    return catalog.load_table((database, "events"))


def disable_mappings(endpoint: str) -> None:
    """Let the stand-in give no function what the stream holds: its mappings ignore every option."""
    of_lambda = client(endpoint, "lambda")
    for mapping in of_lambda.list_event_source_mappings()["EventSourceMappings"]:
        of_lambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
