import base64
import json
from itertools import repeat
from urllib.parse import quote, unquote_plus

import pytest

from headwater_contract.fields import MESSAGE_TYPES
from unit.collector.client import Client, HttpResponse, recorded_event

TRACK = {"event": "Mail Opened", "userId": "ada", "properties": {"~": "\u00ff\u00fe?>"}}
TEXT = json.dumps(TRACK).encode()


def draw(client: Client, data: str | None, path: str = "/v1/pixel/track") -> HttpResponse:
    event = recorded_event("http_api.json") | {
        "rawPath": path,
        "queryStringParameters": None if data is None else {"data": data},
        "body": None,
    }
    event["requestContext"]["http"] |= {"method": "GET", "path": path}
    return client.send(event)


def is_image(response: HttpResponse) -> bool:
    drawn = base64.b64decode(response.text)
    return response.headers["content-type"] == "image/gif" and drawn.startswith(b"GIF89a")


@pytest.mark.parametrize(
    "data",
    [
        base64.b64encode(TEXT).decode(),
        base64.b64encode(TEXT).decode().rstrip("="),
        base64.urlsafe_b64encode(TEXT).decode(),
        unquote_plus(base64.b64encode(TEXT).decode()),
        unquote_plus(quote(TEXT.decode())),
    ],
    ids=["padded", "unpadded", "safe in URLs", "plus not escaped", "plain"],
)
def test_takes_a_message_in_the_query(client: Client, data: str) -> None:
    response = draw(client, data)

    assert response.status == 200
    assert is_image(response)
    assert client.accepted == [TEXT]
    assert client.entries[0].message_type == "track"


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_the_route_is_the_messages_type(client: Client, message_type: str) -> None:
    message = TRACK | {"groupId": "g", "previousId": "p"}

    draw(
        client, base64.b64encode(json.dumps(message).encode()).decode(), f"/v1/pixel/{message_type}"
    )

    assert [entry.message_type for entry in client.entries] == [message_type]


@pytest.mark.parametrize(
    ("data", "kept"),
    [(None, b""), ("", b""), ("%%%", b"%%%"), ("e30", b"{}"), ("bm8", b"no"), ("{", b"{")],
)
def test_is_an_image_whatever_was_sent_and_keeps_it(
    client: Client, data: str | None, kept: bytes
) -> None:
    response = draw(client, data)

    assert response.status == 400
    assert is_image(response)
    assert client.refused == [kept]


def test_is_an_image_without_a_key_and_without_a_stream() -> None:
    data = base64.b64encode(TEXT).decode()

    without_key = draw(Client(WRITE_KEYS='{"key-1":"website"}'), data)
    without_stream = draw(Client(outages=repeat({0})), data)

    assert (without_key.status, is_image(without_key)) == (401, True)
    assert (without_stream.status, is_image(without_stream)) == (503, True)
