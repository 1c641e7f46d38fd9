import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.fields import MESSAGE_TYPES
from unit.collector.client import Client

GPC = {"sec-gpc": "1"}
ADDRESS = "203.0.113.7"
SECRETS = ("device-1", "ada", "ada@example.com", "visit-1", ADDRESS)

TRACK: dict[str, Any] = {
    "type": "track",
    "event": "Signed Up",
    "messageId": "m-1",
    "anonymousId": "device-1",
    "userId": "ada",
    "context": {"sessionId": "visit-1", "ip": ADDRESS, "traits": {"email": "ada@example.com"}},
}
OF_OUR_SDK = {
    "type": "page",
    "messageId": "m-1",
    "anonymousId": "a-1",
    "context": {"consent": "gpc", "sessionId": "s-1", "pageViewId": "v-1"},
}


@pytest.fixture
def dropping() -> Client:
    return Client(GPC_POLICY="drop")


def kept(client: Client) -> dict[str, Any]:
    [entry] = client.entries
    message: dict[str, Any] = json.loads(entry.body)
    return message


def secrets_on_the_stream(client: Client) -> list[str]:
    texts = [
        msgspec.json.encode(record).decode() + b"".join(e.body for e in record.entries).decode()
        for record in client.records
    ]
    return [secret for secret in SECRETS if any(secret in text for text in texts)]


@pytest.mark.parametrize("headers", [{}, {"sec-gpc": "0"}, {"sec-gpc": ""}, {"dnt": "1"}])
def test_nothing_changes_for_whoever_does_not_ask(client: Client, headers: dict[str, str]) -> None:
    client.post("/v1/track", TRACK, headers)

    [record] = client.records
    assert (record.envelope.gpc, record.envelope.ip) == (False, ADDRESS)
    assert client.accepted == [json.dumps(TRACK).encode()]


def test_what_is_kept_says_so() -> None:
    client = Client(GPC_POLICY="keep")

    client.post("/v1/track", TRACK, GPC)

    [record] = client.records
    assert (record.envelope.gpc, record.envelope.ip) == (True, ADDRESS)
    assert client.accepted == [json.dumps(TRACK).encode()]


def test_what_is_dropped_is_answered_and_counted(dropping: Client) -> None:
    good = dropping.post("/v1/batch", {"batch": [TRACK, TRACK]}, GPC)
    bad = dropping.post("/v1/track", {"type": "track"}, GPC)
    unreadable = dropping.post("/v1/track", b"x", {**GPC, "content-encoding": "br"})

    assert (good.status, bad.status, unreadable.status) == (200, 400, 415)
    assert dropping.stream.records == []
    assert [outcome.dropped for outcome in dropping.outcomes] == [2, 1, 1]


def test_a_request_without_a_required_key_is_refused_all_the_same() -> None:
    client = Client(GPC_POLICY="drop", WRITE_KEYS='{"key": "shop"}')

    assert client.post("/v1/track", TRACK, GPC).status == 401


@pytest.mark.parametrize("message_type", ["track", "page", "screen", "group"])
def test_nothing_that_lasts_is_on_the_stream(client: Client, message_type: str) -> None:
    message = TRACK | {"type": message_type, "groupId": "acme"}

    client.post("/v1/batch", {"batch": [message, message]}, GPC)

    assert len(client.accepted) == 2
    assert secrets_on_the_stream(client) == []


def test_a_message_of_our_own_sdk_stays_byte_for_byte(client: Client) -> None:
    client.post("/v1/batch", {"batch": [OF_OUR_SDK]}, GPC)

    assert client.accepted == [json.dumps(OF_OUR_SDK).encode()]
    assert client.records[0].envelope.ip is None


def test_a_client_that_says_it_obeys_names_no_user(client: Client) -> None:
    said = OF_OUR_SDK | {"userId": "ada", "traits": {"name": "ada"}}
    client.post("/v1/batch", {"batch": [said]}, GPC)

    assert (kept(client)["anonymousId"], "userId" in kept(client)) == ("a-1", False)
    assert secrets_on_the_stream(client) == []


def test_a_user_without_a_device_becomes_the_message(client: Client) -> None:
    client.post("/v1/track", {"event": "Ping", "userId": "ada", "context": {"consent": "gpc"}}, GPC)

    [entry] = client.entries
    assert kept(client)["anonymousId"] == entry.event_id
    assert "userId" not in kept(client)


@pytest.mark.parametrize("device", [7, 7.0, "7"])
def test_no_spelling_of_a_device_lasts(client: Client, device: object) -> None:
    client.post("/v1/track", {"event": "Ping", "messageId": "m-1", "anonymousId": device}, GPC)

    assert kept(client)["anonymousId"] == "m-1"


def test_a_retry_is_the_same_again(client: Client) -> None:
    for _ in range(2):
        client.post("/v1/track", TRACK, GPC)

    client.post("/v1/track", TRACK | {"messageId": "m-2"}, GPC)

    first, again, other = client.accepted
    assert first == again != other
    keys = [record.partition_key for record in client.stream.records]
    assert keys[0] == keys[1] != keys[2]


def test_the_page_view_still_joins_its_events(client: Client) -> None:
    events = [TRACK | {"messageId": f"m-{n}", "context": {"pageViewId": "v-1"}} for n in range(2)]

    client.post("/v1/batch", {"batch": events}, GPC)

    assert {json.loads(body)["anonymousId"] for body in client.accepted} == {"v-1"}


def test_an_overlong_page_view_is_cut(client: Client) -> None:
    client.post("/v1/track", TRACK | {"context": {"pageViewId": "v" * 10_000}}, GPC)

    assert kept(client)["anonymousId"] == "v" * 255


@pytest.mark.parametrize("call", ["identify", "alias"])
def test_calls_that_only_join_ids_are_left_out(client: Client, call: str) -> None:
    joining = TRACK | {"type": call, "previousId": "device-1"}

    response = client.post("/v1/batch", {"batch": [joining, TRACK]}, GPC)

    assert response.json == {"success": True}
    assert len(client.entries) == 1
    assert [outcome.dropped for outcome in client.outcomes] == [1]


def test_manymetrics_calls_are_stripped_too(client: Client) -> None:
    flat = {"event_type": "page_view", "user_id": "ada", "session_id": "visit-1", "ip": ADDRESS}

    client.post("/track", flat, GPC)
    client.post("/track", flat | {"event_type": None}, GPC)
    client.post("/identify", {"user_id": "device-1", "new_user_id": "ada"}, GPC)

    assert (len(client.accepted), len(client.refused)) == (1, 1)
    assert secrets_on_the_stream(client) == [ADDRESS]  # A property that the page named "ip".


def test_a_groups_traits_are_the_accounts(client: Client) -> None:
    client.post("/v1/group", {"groupId": "acme", "userId": "ada", "traits": {"plan": "pro"}}, GPC)

    assert (kept(client)["groupId"], kept(client)["traits"]) == ("acme", {"plan": "pro"})


def test_what_a_batch_shares_is_stripped_as_well(client: Client) -> None:
    shared = TRACK["context"] | {"pageViewId": "v-1", "locale": "de"}
    message = {name: value for name, value in TRACK.items() if name != "context"}

    client.post("/v1/batch", {"batch": [message], "context": shared}, GPC)

    [record] = client.records
    assert json.loads(record.envelope.context or "") == {"pageViewId": "v-1", "locale": "de"}
    assert kept(client)["anonymousId"] == "v-1"
    assert secrets_on_the_stream(client) == []


def test_headers_that_tell_whose_they_are_are_not_captured() -> None:
    client = Client(CAPTURE_HEADERS='{"*": ["cookie", "x-forwarded-for", "accept-language"]}')
    headers = {"cookie": "id=device-1", "x-forwarded-for": ADDRESS, "accept-language": "de"}

    client.post("/v1/track", TRACK, GPC | headers)

    assert client.records[0].envelope.headers == {"*": {"accept-language": "de"}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/track", json.dumps(TRACK | {"event": None}).encode()),
        ("/v1/identify", json.dumps(TRACK | {"timestamp": "yesterday"}).encode()),
        ("/v1/track", json.dumps(TRACK | {"context": "ada"}).encode()),
        ("/v1/track", json.dumps(TRACK).encode()[:-1]),
        ("/v1/track", b'{"\\u0075serId": "ada", "anonymousId": "device-1", "anonymousId": "ada"}'),
        ("/v1/batch", json.dumps({"batch": [TRACK], "context": "ada"}).encode()),
        ("/v1/batch", json.dumps({"batch": ["ada", ["device-1"]]}).encode()),
        ("/v1/batch", json.dumps([TRACK]).encode()),
        ("/v1/batch", json.dumps({"batch": [TRACK | {"event": None}] * 2502}).encode()),
    ],
    ids=["track", "identify", "context", "cut", "spelling", "shared", "others", "list", "many"],
)
def test_what_is_refused_is_kept_without_ids(client: Client, path: str, body: bytes) -> None:
    response = client.post(path, body, GPC)

    assert response.status == 400
    assert client.refused
    assert secrets_on_the_stream(client) == []


def test_nothing_is_kept_of_a_body_that_cannot_be_read_but_why(client: Client) -> None:
    client.post("/v1/track", b"ada", {**GPC, "content-encoding": "br"})

    [entry] = client.entries
    assert (entry.body, entry.refusal is None) == (b"", False)


@given(
    members=st.dictionaries(
        st.sampled_from(["anonymousId", "userId", "messageId", "context", "traits", "batch"]),
        st.none()
        | st.text(max_size=3)
        | st.integers()
        | st.lists(st.integers(), max_size=2)
        | st.dictionaries(
            st.sampled_from(["consent", "pageViewId", "sessionId"]),
            st.none() | st.sampled_from(["gpc", "x"]) | st.integers() | st.just({}),
        ),
    ),
    kind=st.sampled_from(MESSAGE_TYPES),
)
def test_what_is_accepted_still_is_when_it_is_stripped(members: dict[str, Any], kind: str) -> None:
    client = Client()
    message = {"type": kind, "event": "Ping", "groupId": "acme", "previousId": "p", **members}

    client.post("/v1/batch", {"batch": [message]}, GPC)

    for body in client.accepted:
        again = Client()
        assert again.post("/v1/batch", {"batch": [json.loads(body)]}).status == 200
