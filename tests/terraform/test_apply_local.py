"""`sample/` applied for real: two stacks side by side, events through them, and nothing left."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from e2e.route import run
from free_ports import free_port
from headwater_local import aws_client, names
from iam import poller, sinks
from iam.requests import recorded
from iam.scenario import Scenario
from iam.sinks import READ_KEY
from iam.stack import POLLER, Stack
from iam.surroundings import Surroundings
from iam.verdict import missing, superfluous
from terraform.allowed_differences import unexplained
from terraform.command import needs_terraform
from terraform.deployment import PLANS, Deployment
from terraform.inventory import inventory
from terraform.invoked_function import REPLAY, WRITER, invoked_function
from terraform.live_route import LiveRoute, disable_mappings, events_table
from terraform.stand_in import RECORDING, stand_in

pytestmark = [
    needs_terraform,
    pytest.mark.on_request,
    pytest.mark.skipif("APPLY_LOCAL" not in os.environ, reason="takes minutes: `make apply-local`"),
    pytest.mark.timeout(1800),  # Most of it is the provider, waiting.
    pytest.mark.spark,
    pytest.mark.route,
]

STACKS = {"blue": "", "green": 'collector = { entry = "function_url" }'}

MORE_PARTS = f"""
  staged  = {{ enabled = true }}
  archive = {{ enabled = true }}
  demo    = {{ enabled = true }}
  history = {{ enabled = true, read_keys_sha256 = ["{sha256(READ_KEY.encode()).hexdigest()}"] }}
  poller = {{
    configs  = {{ weblogs = "{PLANS / "weblogs.yaml"}" }}
    schedule = "rate(15 minutes)"
    secrets  = {{
      WEBLOGS_TOKEN = "arn:aws:secretsmanager:{names.REGION}:{names.ACCOUNT}:secret:weblogs-AbCdEf"
    }}
  }}
"""
"""Settings of a stack with sinks, a demo, a poller and a committer. Without the counts: the
stand-in's RDS keeps no secret for a database, whose ARN the function is given."""


@pytest.fixture
def collector_ports() -> dict[str, int]:
    return {name: free_port() for name in STACKS}


@pytest.fixture
def endpoint(tmp_path: Path, collector_ports: dict[str, int]) -> Iterator[str]:
    collectors = {f"{name}-collector": port for name, port in collector_ports.items()}
    with _account(tmp_path, STACKS, collectors) as url:
        yield url


@contextmanager
def _account(folder: Path, stacks: Iterable[str], functions: dict[str, int]) -> Iterator[str]:
    """An account in which writers can be invoked, to make the tables, and replays."""
    handlers = {
        f"{name}-{function}": handler
        for name in stacks
        for function, handler in (("writer", WRITER), ("replay", REPLAY))
    }
    ports = {function: free_port() for function in handlers}
    with stand_in(folder, functions | ports) as url, ExitStack() as stack:
        for function, handler in handlers.items():
            at = (ports[function], url, folder)
            stack.enter_context(invoked_function(function, handler, *at))
        yield url


@contextmanager
def _live(deployment: Deployment, endpoint: str, port: int, folder: Path) -> Iterator[LiveRoute]:
    route = LiveRoute(deployment.outputs(), endpoint, port, folder / f"{deployment.name}-route")
    try:
        yield route
    finally:
        route.stop()


def _fill_twice(stack: Deployment, endpoint: str, document: Path) -> None:
    """Let the demo's visitors into a stack, twice, as a user of AWS does."""
    outputs = stack.outputs()
    document.write_text(json.dumps({name: {"value": value} for name, value in outputs.items()}))
    size = ("--days", "10", "--visitors", "100")

    first, second = (run("demo", *size, "--outputs", str(document)) for _ in range(2))

    written = re.match(r"written ([\d,]+) events, 0 were there", first.out)
    assert written, first.out + first.err
    assert f" {written[1]} were there" in second.out, second.err
    table = events_table(endpoint, outputs["glue_database_name"])
    of_the_demo = table.scan(row_filter="app_id = 'demo'", selected_fields=("event_id",))
    ids = of_the_demo.to_arrow()["event_id"].to_pylist()
    assert len(ids) == len(set(ids)) >= int(written[1].replace(",", ""))
    s3 = aws_client.s3(endpoint)
    assert s3.list_objects_v2(Bucket=outputs["data_bucket_name"], Prefix="demo/")["KeyCount"] == 0


def test_two_stacks_carry_events_to_rows_and_leave_nothing(
    endpoint: str, collector_ports: dict[str, int], tmp_path: Path
) -> None:
    before = inventory(endpoint)
    blue, green = (
        Deployment(name, endpoint, tmp_path, settings) for name, settings in STACKS.items()
    )
    with ThreadPoolExecutor() as threads:
        made = list(threads.map(Deployment.apply, (blue, green)))
    assert blue.outputs()["api_instance_url"] in blue.outputs()["sample_page"]

    with (
        _live(blue, endpoint, collector_ports["blue"], tmp_path) as behind_api,
        _live(green, endpoint, collector_ports["green"], tmp_path) as behind_url,
    ):
        assert (behind_api.rows(), behind_url.rows()) == ([], [])
        assert behind_api.views() == behind_url.views() == ["sessions", "unique_events", "users"]
        behind_api.send("opened", "paid")
        behind_url.send("searched")
        behind_api.wait_for_rows("opened", "paid")
        behind_url.wait_for_rows("searched")
        assert behind_api.columns()[-3:] == ["prop_total", "prop_currency", "prop_published"]

        assert unexplained(blue.differences()) == set()
        assert unexplained(green.differences()) == set()

        behind_api.stop()
        roles = Stack(blue.made())
        Scenario(Surroundings(roles, endpoint, tmp_path)).play()
        asked = recorded(tmp_path / RECORDING)
        for role in roles.functions:
            assert missing(roles, role, asked) == []
            assert superfluous(roles, role, asked) == []
            assert missing(Stack(green.made()), role, asked) == []

        destroyed = [blue.destroy()]
        behind_url.send("stayed")
        behind_url.wait_for_rows("searched", "stayed")
        assert not [line for line in inventory(endpoint) if "blue" in line]

    destroyed.append(green.destroy())
    assert destroyed == made
    assert inventory(endpoint) == before


def test_a_stack_with_sinks_poller_and_committer_takes_events_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _account(tmp_path, ["red"], {}) as endpoint:
        before = inventory(endpoint)
        red = Deployment("red", endpoint, tmp_path, MORE_PARTS)
        made = red.apply()
        assert unexplained(red.differences()) == set()

        disable_mappings(endpoint)
        with monkeypatch.context() as environment:
            for name, value in aws_client.environment(endpoint).items():
                environment.setenv(name, value)
            _fill_twice(red, endpoint, tmp_path / "outputs.json")

        stack = Stack(red.made())
        at = Surroundings(stack, endpoint, tmp_path)
        sinks.play(at)
        poller.play(at)
        asked = recorded(tmp_path / RECORDING)
        for role in ("archive", "history", "history-api", POLLER):
            assert missing(stack, role, asked) == []
            assert superfluous(stack, role, asked) == []

        assert red.destroy() == made
        assert inventory(endpoint) == before
