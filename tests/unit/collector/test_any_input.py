"""Whatever a client sends, it hears an answer of the contract, and nothing is lost."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from unit.collector.client import Client, HttpResponse

PATHS = st.sampled_from(
    ["/v1/track", "/v1/identify", "/v1/alias", "/v1/batch", "/v1/b", "/track", "/identify"]
)
GOOD = b'{"type":"track","event":"e","userId":"u","messageId":"good"}'

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=8)
    | st.sampled_from(["9999-12-31T23:59:59-23:59", "0001-01-01T00:00+14:00", "'; DROP TABLE x"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(
    [
        *("type", "event", "userId", "anonymousId", "messageId", "timestamp", "groupId"),
        *("previousId", "properties", "traits", "context", "sentAt", "writeKey", "batch"),
        *("event_type", "user_id", "prev_user_id", "client_event_time", "path", "host"),
    ]
)
types = st.sampled_from(["track", "page", "screen", "identify", "group", "alias"])
messages = st.dictionaries(keys, values, max_size=6) | st.fixed_dictionaries(
    {"type": types, "userId": values, "event": values, "groupId": values}
)
json_bodies = st.builds(
    lambda batch, more: {**more, "batch": batch},
    st.lists(messages | values, max_size=4),
    st.dictionaries(keys, values, max_size=2),
)
bodies = st.binary(max_size=200) | (messages | values | json_bodies).map(
    lambda value: json.dumps(value).encode()
)


def check(client: Client, response: HttpResponse, body: bytes) -> None:
    assert response.status in {200, 400, 413}
    assert response.json["success"] is (response.status == 200)
    assert (response.status == 200) == bool(client.accepted or not client.records)
    assert all(is_plain_json(text) for text in client.accepted), body


def is_plain_json(text: bytes) -> bool:
    value: Any = json.loads(text.decode(), parse_constant=lambda _: 1 / 0)
    return isinstance(value, dict)


@settings(deadline=None)
@given(PATHS, bodies)
def test_every_body_has_an_answer(path: str, body: bytes) -> None:
    client = Client()

    check(client, client.post(path, body), body)


@settings(deadline=None)
@given(PATHS, bodies, st.integers(0, 200), st.binary(min_size=1, max_size=3))
def test_every_damaged_body_has_an_answer(
    path: str, body: bytes, position: int, damage: bytes
) -> None:
    client = Client()
    damaged = body[:position] + damage + body[position + 1 :]

    check(client, client.post(path, damaged), damaged)


@settings(deadline=None)
@given(messages | values, st.booleans())
def test_good_messages_survive_any_neighbour(neighbour: object, first: bool) -> None:
    client = Client()
    text = json.dumps(neighbour).encode()
    pair = [text, GOOD] if first else [GOOD, text]

    response = client.post("/v1/batch", b'{"batch":[%b]}' % b",".join(pair))

    assert response.status == 200
    assert GOOD in client.accepted
    assert sorted(client.accepted + client.refused) == sorted(pair)


@settings(deadline=None)
@given(
    st.sampled_from(["GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE", "x"]),
    st.text(max_size=30),
    st.dictionaries(
        st.sampled_from(["authorization", "content-encoding", "origin", "cookie", "host"]),
        st.text(st.characters(codec=None), max_size=30),
    ),
)
def test_every_request_has_an_answer(method: str, path: str, headers: dict[str, str]) -> None:
    response = Client(WRITE_KEYS='{"k":"a"}').request(method, f"/{path}", GOOD, headers)

    assert 200 <= response.status < 500
