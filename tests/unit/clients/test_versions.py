import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from clients.java.jvm import client_jars
from clients.table import CLIENTS, Client, Tried

FOLDER = Path(__file__).parents[2] / "clients"
NODE = json.loads((FOLDER / "node" / "package.json").read_text())["dependencies"]
JAVA = {jar.group: jar.version for jar in client_jars()}
GO = dict(re.findall(r"(\S+) v(\S+)", (FOLDER / "go" / "go.mod").read_text()))

INSTALLED = {
    "analytics-next": NODE["@segment/analytics-next"],
    "analytics-node": NODE["@segment/analytics-node"],
    "analytics-python": version("segment-analytics-python"),
    "analytics-java": JAVA["com.segment.analytics.java"],
    "analytics-kotlin": JAVA["com.segment.analytics.kotlin"],
    "analytics-go": GO["github.com/segmentio/analytics-go/v3"],
    "rudder-sdk-js": NODE["@rudderstack/analytics-js"],
    "rudder-sdk-node": NODE["@rudderstack/rudder-sdk-node"],
    "rudder-sdk-python": version("rudder-sdk-python"),
}


@pytest.mark.parametrize(
    "client", [each for each in CLIENTS if each.tried is Tried.RUN], ids=lambda each: each.name
)
def test_table_has_the_version_that_runs(client: Client) -> None:
    assert client.version == INSTALLED[client.name.split()[0]]
