"""What Terraform does before what.

It destroys what depends on others before them, and goes by its state for that: so something stands
in the way of a destroy if the module block is removed, and its guard with it. A data source that
depends on what an apply changes is read during the apply, and unknown until then.
"""

import re
from collections.abc import Mapping

import pytest

from terraform.command import copy_of_the_modules, needs_terraform, terraform

BUCKET = "module.lake.module.bucket.aws_s3_bucket.bucket"
_EDGE = re.compile(r'"(?P<resource>[^"]+)" -> "(?P<needs>[^"]+)"')


@pytest.fixture(scope="module")
def needs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """What each resource depends on, as far as no other of these depends on it too."""
    folder = tmp_path_factory.mktemp("graph")
    copy_of_the_modules(folder)
    terraform(folder / "terraform", "init", "-backend=false")
    found: dict[str, set[str]] = {}
    for edge in _EDGE.finditer(terraform(folder / "terraform", "graph")):
        found.setdefault(edge["resource"], set()).add(edge["needs"])
    return found


def _all_that(needs: Mapping[str, set[str]], resource: str) -> set[str]:
    direct = needs.get(resource, set())
    return direct.union(*(_all_that(needs, each) for each in direct))


@needs_terraform
def test_a_bucket_that_is_not_empty_keeps_what_holds_events(needs: Mapping[str, set[str]]) -> None:
    held = _all_that(needs, BUCKET)

    assert "module.lake.aws_glue_catalog_database.lake" in held
    assert "module.stream.aws_kinesis_stream.events" in held


@needs_terraform
@pytest.mark.parametrize(
    "made",
    ["emrserverless_application.cluster", "s3_object.zip", "cloudwatch_event_target.keeper"],
)
def test_the_writer_rests_only_once_the_cluster_is_made(
    needs: Mapping[str, set[str]], made: str
) -> None:
    mapping = "module.writer.aws_lambda_event_source_mapping.stream"

    assert f"module.cluster.aws_{made}" in _all_that(needs, mapping)


@needs_terraform
def test_the_writer_offers_only_once_somebody_takes_it(needs: Mapping[str, set[str]]) -> None:
    taking = "module.committer.aws_lambda_event_source_mapping.offers"

    assert taking in _all_that(needs, "module.writer.module.function.aws_lambda_function.function")


@needs_terraform
@pytest.mark.parametrize(
    "data",
    [
        "module.cluster.data.aws_subnet.first",
        *(f"module.poller.data.aws_{each}" for each in ("subnet.given", "vpc.default")),
        "module.poller.data.aws_subnets.default",
    ],
)
def test_an_upgrade_knows_the_networks_of_poller_and_cluster_beforehand(
    needs: Mapping[str, set[str]], data: str
) -> None:
    needed = _all_that(needs, data)

    assert not [each for each in needed if each.startswith("module.artifacts.")]
