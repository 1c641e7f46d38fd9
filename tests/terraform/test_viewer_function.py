"""What the distribution adds to a request is what the collector reads."""

import json
import re
import subprocess
from typing import Any

from headwater_collector.request import read_request
from terraform.command import REPOSITORY
from unit.collector.client import recorded_event

HOSTING = REPOSITORY / "terraform" / "modules" / "sdk_hosting"
RUN = "const event = JSON.parse(process.argv[1]); console.log(JSON.stringify(handler(event)))"


def through_the_distribution(headers: dict[str, str]) -> dict[str, str]:
    viewer = {name: {"value": value} for name, value in headers.items()}
    event = {"viewer": {"ip": "198.51.100.7"}, "request": {"headers": viewer}}
    script = f"{(HOSTING / 'viewer.js').read_text()}\n{RUN}"
    done = subprocess.run(
        ["node", "-e", script, json.dumps(event)], check=True, capture_output=True, text=True
    )
    request: dict[str, Any] = json.loads(done.stdout)
    [secret_name] = re.findall(
        r'name +?= "(headwater-[\w-]+)"', (HOSTING / "cloudfront.tf").read_text()
    )
    passed = {name: header["value"] for name, header in request["headers"].items()}
    return passed | {"host": "abc.execute-api.eu-west-1.amazonaws.com", secret_name: "secret"}


def test_the_collector_learns_who_the_visitor_is() -> None:
    forged = {"host": "shop.example", "headwater-viewer-address": "203.0.113.99"}
    event = recorded_event("http_api.json") | {"headers": through_the_distribution(forged)}

    request = read_request(event, edge_secret="secret")

    assert (request.ip, request.headers["host"]) == ("198.51.100.7", "shop.example")
