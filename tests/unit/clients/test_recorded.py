"""What clients send that no test can run, sent to a collector without a stream behind it."""

import pytest

from clients.http_request import HttpRequest
from clients.recorded import recorded_requests
from clients.table import CLIENTS, Tried
from unit.collector.client import Client

RECORDED = [client.name for client in CLIENTS if client.tried is not Tried.RUN]
REQUESTS = [(name, request) for name in RECORDED for request in recorded_requests(name)]


@pytest.mark.parametrize(("name", "request_"), REQUESTS)
@pytest.mark.parametrize("slashes", ["/", "//"])
def test_is_answered_wherever_the_host_has_a_slash(
    name: str, request_: HttpRequest, slashes: str
) -> None:
    client = Client(WRITE_KEYS=f'{{"{name}": "shop"}}')
    path = request_.path.replace("/", slashes)

    response = client.request(request_.method, path, request_.body, request_.headers)

    assert response.status == 200
    assert client.refused == []
    assert {record.envelope.app_id for record in client.records} <= {"shop"}


@pytest.mark.parametrize("name", RECORDED)
def test_is_refused_with_another_key(name: str) -> None:
    client = Client(WRITE_KEYS='{"another": "shop"}')

    statuses = [
        client.request(each.method, each.path, each.body, each.headers).status
        for each in recorded_requests(name)
        if not each.path.endswith("/m")
    ]

    assert set(statuses) == {401}
    assert client.records == []
