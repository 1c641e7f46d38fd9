"""A deployed stack whose AWS answers what it is told to, by botocore's own models."""

from typing import Any

import boto3
from botocore.stub import Stubber

from headwater_local.doctor.stack import Cluster, Committer, Stack

UUID = "0a1b2c3d-0000-0000-0000-000000000000"

_SESSION: Any = boto3.Session("a", "s", region_name="eu-west-1")


class Clients:
    """boto3 clients whose answers are given; one more question than answers fails."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}

    def stub(self, service: str) -> Stubber:
        client = _SESSION.client(service)
        self._clients[service] = client
        stub = Stubber(client)
        stub.activate()
        return stub

    def stack(self, cluster: Cluster | None = None, committer: Committer | None = None) -> Stack:
        return Stack(
            api_url="https://api.example",
            stream="sample-events",
            database="sample",
            bucket="sample-data",
            given_up_prefix="aws/lambda/",
            client=self._clients.__getitem__,
            mapping=UUID,
            cluster=cluster,
            committer=committer,
        )


def mapping(state: str, result: str = "OK") -> dict[str, str]:
    function = "arn:aws:lambda:eu-west-1:000000000000:function:sample-writer:live"
    return {"UUID": UUID, "FunctionArn": function, "State": state, "LastProcessingResult": result}
