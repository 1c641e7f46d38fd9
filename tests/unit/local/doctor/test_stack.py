import json

import pytest

from headwater_local.doctor.stack import Cluster, Committer, deployed_stack
from headwater_local.errors import OutputsError

OUTPUTS = {
    "api_instance_url": {"sensitive": False, "type": "string", "value": "https://api.example"},
    "athena_workgroup": {"value": "sample"},
    "data_bucket_name": {"value": "sample-data"},
    "event_source_mapping_id": {"value": "uuid"},
    "glue_database_name": {"value": "sample_db"},
    "kinesis_stream_name": {"value": "sample-events"},
    "sample_page": {"value": {"any": "thing"}},
}

CLUSTER_OF_ANOTHER_SHAPE = json.dumps(OUTPUTS | {"cluster": {"value": "sample"}}).encode()


def test_reads_what_terraform_prints() -> None:
    stack = deployed_stack(json.dumps(OUTPUTS).encode())

    assert stack.api_url == "https://api.example"
    assert (stack.stream, stack.database) == ("sample-events", "sample_db")
    assert (stack.workgroup, stack.mapping, stack.data_dir) == ("sample", "uuid", None)


def test_reads_what_a_stack_may_have() -> None:
    cluster = {"application_id": "a", "keeper_arn": "arn:aws:states:::x:sample-cluster"}
    committer = {"event_source_mapping_id": "uuid", "queue_name": "offers"}
    more = {
        "cluster": {"value": {**cluster, "writes": True}},
        "committer": {"value": committer},
    }

    stack = deployed_stack(json.dumps(OUTPUTS | more).encode())
    resting = deployed_stack(
        json.dumps(OUTPUTS | {"cluster": {"value": {**cluster, "writes": False}}}).encode()
    )

    assert stack.writing_cluster == stack.cluster == Cluster(**cluster, writes=True)
    assert stack.writing_cluster.name == "sample-cluster"
    assert stack.committer == Committer(**committer)
    assert resting.cluster is not None
    assert resting.writing_cluster is None


@pytest.mark.parametrize("more", [{}, {"cluster": {"value": None}}])
def test_a_stack_may_have_no_cluster(more: dict[str, object]) -> None:
    stack = deployed_stack(json.dumps(OUTPUTS | more).encode())

    assert (stack.cluster, stack.writing_cluster, stack.committer) == (None, None, None)


@pytest.mark.parametrize("name", sorted(OUTPUTS.keys() - {"sample_page"}))
def test_names_an_output_that_is_missing(name: str) -> None:
    rest = {key: output for key, output in OUTPUTS.items() if key != name}

    with pytest.raises(OutputsError, match=f"have no `{name}`"):
        deployed_stack(json.dumps(rest).encode())


@pytest.mark.parametrize("outputs", [b"", b"[]", b'{"a": 1}', b"\xff", CLUSTER_OF_ANOTHER_SHAPE])
def test_refuses_what_terraform_does_not_print(outputs: bytes) -> None:
    with pytest.raises(OutputsError, match="terraform output -json"):
        deployed_stack(outputs)
