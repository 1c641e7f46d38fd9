import base64
import gzip
import json
from datetime import UTC, datetime
from itertools import repeat

import pytest

from headwater_contract.envelope import Envelope
from headwater_contract.limits import MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES
from unit.collector.client import NOW, Client, recorded_event

TRACK = {"type": "track", "event": "Signed Up", "userId": "ada"}
TEXT = json.dumps(TRACK).encode()
ROUTES = ["/v1/track", "/v1/t", "/v1/batch", "/v1/b", "/track", "/identify"]


def test_a_message_is_on_the_stream_byte_for_byte(client: Client) -> None:
    event = recorded_event("http_api.json")

    response = client.send(event)

    assert (response.status, response.json) == (200, {"success": True})
    assert client.accepted == [event["body"].encode()]


def test_what_is_known_of_the_request_goes_along() -> None:
    client = Client(CAPTURE_HEADERS='{"*":["via"]}', TRUST_CLOUDFRONT="true")

    client.send(recorded_event("cloudfront.json"))

    (record,) = client.records
    assert record.envelope == Envelope(
        received_at=NOW,
        app_id="website-key",
        sent_at=datetime(2026, 1, 31, 13, 36, 59, 500_000, tzinfo=UTC),
        ip="2001:db8::abcd",
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        country="CH",
        city="Zürich",
        headers={"*": {"via": "2.0 0123456789abcdef.cloudfront.net (CloudFront)"}},
    )


def test_no_client_says_where_it_is_by_cloudfronts_headers(client: Client) -> None:
    client.send(recorded_event("cloudfront.json"))

    (record,) = client.records
    place = (record.envelope.ip, record.envelope.country, record.envelope.city)
    assert place == ("192.0.2.99", None, None)


def test_a_compressed_batch_is_one_record(client: Client) -> None:
    event = recorded_event("http_api_stage.json")
    batch = json.dumps({"batch": [TRACK] * 100, "sentAt": "2026-01-31T13:37:00Z"})
    event["body"] = base64.b64encode(gzip.compress(batch.encode())).decode()

    response = client.send(event)

    assert (response.status, response.json) == (200, {"success": True})
    assert client.accepted == [TEXT] * 100
    assert len(client.records) == 1


def test_segments_browser_client_sends_plain_text(client: Client) -> None:
    response = client.post("/v1/t", TRACK, {"content-type": "text/plain"})

    assert response.status == 200


@pytest.mark.parametrize(
    "path", ["/v1/import", "/v1/import/", "//v1/batch", "/v1//batch", "/beacon/v1/batch"]
)
def test_a_batch_may_come_by_every_path_of_the_clients(client: Client, path: str) -> None:
    response = client.post(path, {"batch": [TRACK, TRACK]})

    assert (response.status, client.accepted) == (200, [TEXT, TEXT])


@pytest.mark.parametrize("body", [b'{"series":[{"type":"Counter"}]}', b"", b"{", b"\xff" * 600_000])
def test_what_clients_report_on_themselves_is_answered_and_forgotten(
    client: Client, body: bytes
) -> None:
    response = client.post("/v1/m", body, {"content-type": "text/plain"})

    assert (response.status, response.json) == (200, {"success": True})
    assert client.records == []
    assert client.outcomes == []


@pytest.mark.parametrize("context", [{}, 5])
def test_an_empty_batch_puts_nothing_on_the_stream(client: Client, context: object) -> None:
    response = client.post("/v1/batch", {"batch": [], "context": context})

    assert (response.status, response.json) == (200, {"success": True})
    assert client.records == []


def test_good_messages_of_a_batch_are_accepted_and_bad_ones_named(client: Client) -> None:
    large = b'{"type":"track","event":"%b","userId":"u"}' % (b"x" * 33_000)
    body = b'{"batch":[%b,%b,%b,{"a":NaN}]}' % (TEXT, large, TEXT)

    response = client.post("/v1/batch", body)

    assert (response.status, response.json["success"], response.json["accepted"]) == (200, True, 2)
    assert [refused["index"] for refused in response.json["refused"]] == [1, 3]
    assert (
        response.json["refused"][0]["reason"] == "the message has 33040 bytes: send at most 32768"
    )
    assert client.accepted == [TEXT, TEXT]
    assert client.refused == [large, b'{"a":NaN}']


def test_a_batch_of_bad_messages_is_refused_and_kept(client: Client) -> None:
    response = client.post("/v1/batch", b'{"batch":[1,null]}')

    assert (response.status, response.json["success"], response.json["accepted"]) == (400, False, 0)
    assert (response.json["code"], response.json["message"]) == (400, response.json["error"])
    assert [refused["index"] for refused in response.json["refused"]] == [0, 1]
    assert client.refused == [b"1", b"null"]


def test_a_body_that_is_not_a_batch_is_refused_and_kept(client: Client) -> None:
    body = b"x" * 40_000

    response = client.post("/v1/batch", body)

    assert response.status == 400
    assert response.json["error"].startswith("the body cannot be read: it is not valid JSON")
    assert client.refused == [body]


def test_a_bad_message_is_refused_and_kept(client: Client) -> None:
    response = client.post("/v1/track", {"userId": "ada"})

    assert response.status == 400
    reason = "event is missing: a track call needs the event's name"
    assert response.json == {"success": False, "error": reason, "code": 400, "message": reason}
    assert client.refused == [b'{"userId": "ada"}']


@pytest.mark.parametrize("path", ["/v1/track", "/v1/t", "/track", "/identify"])
def test_a_message_over_the_limit_is_refused_and_kept(client: Client, path: str) -> None:
    of_manymetrics = {"event_type": "e", "user_id": "ada"}

    response = client.post(path, TRACK | of_manymetrics | {"properties": {"x": "x" * 33_000}})

    assert response.status == 413
    assert len(client.refused) == 1


@pytest.mark.parametrize("path", ROUTES)
def test_the_beginning_of_a_request_over_the_limit_is_kept(client: Client, path: str) -> None:
    response = client.post(path, b" " * (MAX_REQUEST_BYTES + 1))

    assert (response.status, response.json["success"]) == (413, False)
    assert client.refused == [b" " * MAX_MESSAGE_BYTES]


@pytest.mark.parametrize(
    ("encoding", "status"), [("br", 415), ("gzip", 400)], ids=["unknown", "damaged"]
)
def test_a_body_that_cannot_be_inflated_is_kept_as_it_came(
    client: Client, encoding: str, status: int
) -> None:
    response = client.post("/v1/track", TRACK, {"content-encoding": encoding})

    assert response.status == status
    [entry] = client.entries
    assert (entry.body, entry.refusal) == (TEXT, response.json["error"])


def test_a_body_that_cannot_be_read_is_not_answered_for_if_the_stream_is_away() -> None:
    client = Client(outages=repeat({0}))

    response = client.post("/v1/track", TRACK, {"content-encoding": "gzip"})

    assert response.status == 503


def test_what_a_batch_says_for_all_of_its_messages_goes_along(client: Client) -> None:
    shared = b'"context": { "ip": "203.0.113.9" }, "integrations":{"All":false}'

    client.post("/v1/batch", b'{"batch":[%b],%b}' % (TEXT, shared))

    (record,) = client.records
    assert record.envelope.context == '{ "ip": "203.0.113.9" }'
    assert record.envelope.integrations == '{"All":false}'


def test_a_large_context_of_a_large_batch_is_not_multiplied_on_the_stream(client: Client) -> None:
    shared = {"a": "x" * 8_000}

    client.post("/v1/batch", {"batch": [TRACK] * 2_500, "context": shared})

    assert len(client.accepted) == 2_500
    assert sum(len(record.data) for record in client.stream.records) < MAX_REQUEST_BYTES


@pytest.mark.parametrize("field", ["context", "integrations"])
def test_a_batch_that_shares_no_object_is_refused_and_kept(client: Client, field: str) -> None:
    response = client.post("/v1/batch", {"batch": [TRACK, TRACK], field: "text"})

    assert response.status == 400
    assert response.json["error"] == (
        f"the batch cannot be read: {field} must be an object, and is text"
    )
    assert [json.loads(text)["batch"] for text in client.refused] == [[TRACK, TRACK]]


def test_the_worst_batch_still_fits_records_that_can_be_unpacked(client: Client) -> None:
    awkward = json.dumps({"type": "\u2028☃😀" * 20, "userId": "u"}, ensure_ascii=False)
    body = '{"batch":[' + ",".join([awkward] * 1_500) + "]}"

    response = client.post("/v1/batch", body.encode())

    assert len(body.encode()) < MAX_REQUEST_BYTES
    assert response.status == 400
    assert len(client.refused) == 1_500


@pytest.mark.parametrize(
    "message",
    [
        b"1",
        b'{"type":"%b"}' % ("\U000e0001" * 40).encode(),
        b'{"timestamp":"' + b"\\\\" * 40 + b'"}',
    ],
    ids=["a digit", "a type that cannot be shown", "a time of backslashes"],
)
def test_an_answer_is_short_however_many_messages_are_refused(
    client: Client, message: bytes
) -> None:
    response = client.post("/v1/batch", b'{"batch":[%b]}' % b",".join([message] * 2_500))

    assert response.status == 400
    assert [refused["index"] for refused in response.json["refused"]] == list(range(20))
    assert response.json["unlisted"] == 2_480
    assert len(response.text.encode()) < 16 * 1024
    assert len(client.refused) == 2_500


def test_an_answer_lists_all_if_there_are_few(client: Client) -> None:
    response = client.post("/v1/batch", {"batch": [1] * 20 + [TRACK]})

    assert len(response.json["refused"]) == 20
    assert "unlisted" not in response.json


class TestKeys:
    def test_any_key_names_its_app_by_default(self, client: Client) -> None:
        client.post("/v1/track", TRACK | {"writeKey": "body-key"})
        client.post("/v1/track", TRACK)

        assert [record.envelope.app_id for record in client.records] == ["body-key", "default"]

    def test_a_key_may_be_in_the_header_or_the_body(self) -> None:
        client = Client(WRITE_KEYS='{"key-1":"website"}')
        header = {"authorization": "Basic " + base64.b64encode(b"key-1:").decode()}

        by_header = client.post("/v1/batch", {"batch": [TRACK]}, header)
        by_body = client.post("/v1/batch", {"batch": [TRACK], "writeKey": "key-1"})

        assert (by_header.status, by_body.status) == (200, 200)
        assert [record.envelope.app_id for record in client.records] == ["website", "website"]

    @pytest.mark.parametrize("write_keys", ["{}", '{"key-1":"website"}'])
    def test_an_access_token_leaves_it_to_the_body(self, write_keys: str) -> None:
        client = Client(WRITE_KEYS=write_keys)
        token = {"authorization": "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"}

        response = client.post("/v1/batch", {"batch": [TRACK], "writeKey": "key-1"}, token)

        assert response.status == 200
        assert client.records[0].envelope.app_id in {"key-1", "website"}

    def test_a_beacon_has_it_in_the_query(self) -> None:
        client = Client(WRITE_KEYS='{"key-1":"website"}')
        event = recorded_event("http_api.json") | {
            "rawPath": "/beacon/v1/batch",
            "queryStringParameters": {"writeKey": "key-1"},
            "headers": {"content-type": "text/plain"},
            "body": json.dumps({"batch": [TRACK]}),
        }

        response = client.send(event)

        assert (response.status, client.records[0].envelope.app_id) == (200, "website")

    @pytest.mark.parametrize("path", ROUTES)
    @pytest.mark.parametrize(
        ("body", "encoding"),
        [(b"x", "gzip"), (b"x", "br"), (b" " * (MAX_REQUEST_BYTES + 1), "")],
    )
    def test_a_wrong_key_in_the_header_is_refused_before_the_body_is_looked_at(
        self, path: str, body: bytes, encoding: str
    ) -> None:
        client = Client(WRITE_KEYS='{"key-1":"website"}')
        wrong = "Basic " + base64.b64encode(b"key-2:").decode()

        response = client.post(path, body, {"authorization": wrong, "content-encoding": encoding})

        assert response.status == 401
        assert client.records == []

    def test_what_cannot_be_read_is_kept_for_a_key_in_the_header_alone(self) -> None:
        client = Client(WRITE_KEYS='{"key-1":"website"}')
        key = {"authorization": "Basic " + base64.b64encode(b"key-1:").decode()}

        without = client.post("/v1/batch", b"x", {"content-encoding": "gzip"})
        with_key = client.post("/v1/batch", b"x", {"content-encoding": "gzip"} | key)

        assert (without.status, with_key.status) == (400, 400)
        assert [record.envelope.app_id for record in client.records] == ["website"]

    @pytest.mark.parametrize("path", ROUTES)
    def test_without_a_required_key_nothing_is_on_the_stream(self, path: str) -> None:
        client = Client(WRITE_KEYS='{"key-1":"website"}')

        response = client.post(path, {"batch": [TRACK], "writeKey": "key-2"})

        assert (response.status, response.json["success"]) == (401, False)
        assert "www-authenticate" not in response.headers
        assert client.records == []


class TestUnavailableStream:
    def test_a_short_outage_is_not_noticed(self) -> None:
        client = Client(outages=[{0}, {0}])

        response = client.post("/v1/track", TRACK)

        assert response.status == 200
        assert client.accepted == [TEXT]
        assert client.outcomes[0].delivery.retries == 2

    @pytest.mark.parametrize("body", [TRACK, {}, b"{"], ids=["good", "bad", "broken"])
    def test_what_is_not_confirmed_is_not_answered_for(self, body: bytes | object) -> None:
        client = Client(outages=repeat({0}))

        response = client.post("/v1/track", body)

        assert (response.status, response.json["success"]) == (503, False)
        assert response.headers["retry-after"] == "5"
        assert not client.outcomes[0].delivery.is_complete

    @pytest.mark.parametrize("body", [TRACK, {}, b"{"], ids=["good", "bad", "broken"])
    def test_what_the_stream_has_no_room_for_is_too_much(self, body: bytes | object) -> None:
        client = Client(outages=repeat({0}), throttled={0})

        response = client.post("/v1/track", body)

        assert (response.status, response.json["success"]) == (429, False)
        assert response.headers["retry-after"] == "5"
        assert not client.outcomes[0].delivery.is_complete

    @pytest.mark.parametrize(("throttled", "status"), [({0}, 429), ((), 503)])
    def test_a_page_may_read_why_and_when_to_come_back(
        self, throttled: set[int], status: int
    ) -> None:
        client = Client(repeat({0}), throttled, ALLOWED_ORIGINS="https://a.example")

        response = client.post("/v1/b", {"batch": [TRACK]}, {"origin": "https://a.example"})

        assert response.status == status
        assert response.headers["access-control-allow-origin"] == "https://a.example"
        assert response.headers["access-control-expose-headers"] == "retry-after"

    def test_health_does_not_depend_on_it(self) -> None:
        assert Client(outages=repeat({0})).request("GET", "/health").status == 200


class TestResponses:
    def test_health(self, client: Client) -> None:
        response = client.send(recorded_event("function_url.json"))

        assert (response.status, response.json) == (200, {"status": "ok"})
        assert client.outcomes == []

    def test_a_head_request_gets_no_body(self, client: Client) -> None:
        response = client.request("HEAD", "/health")

        assert (response.status, response.text) == (200, "")

    def test_a_preflight_gets_no_body(self, client: Client) -> None:
        response = client.request("OPTIONS", "/v1/batch", headers={"origin": "https://a.example"})

        assert (response.status, response.text) == (204, "")
        assert response.headers["access-control-allow-methods"] == "POST, OPTIONS"
        assert response.headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize("separator", [",", ", ", ",\t,"])
    def test_a_preflight_of_a_thousand_headers_has_a_short_answer(
        self, client: Client, separator: str
    ) -> None:
        asked = separator.join(f"x-header-{number}" for number in range(1000))

        response = client.request(
            "OPTIONS", "/v1/b", headers={"access-control-request-headers": asked}
        )

        allowed = response.headers["access-control-allow-headers"]
        assert response.status == 204
        assert len(allowed) < 2048
        assert set(allowed.split(", ")) <= set(asked.split(separator))

    def test_an_unknown_path_names_those_known(self, client: Client) -> None:
        response = client.post("/v2/track", TRACK)

        assert response.status == 404
        assert "/v1/batch" in response.json["error"]
        assert client.records == []

    def test_another_method_names_those_allowed(self, client: Client) -> None:
        response = client.request("GET", "/v1/track")

        assert (response.status, response.headers["allow"]) == (405, "POST, OPTIONS")

    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", "/v1/track"), ("GET", "/health"), ("GET", "/none"), ("OPTIONS", "/v1/t")],
    )
    def test_only_listed_origins_may_read_any_of_them(self, method: str, path: str) -> None:
        client = Client(ALLOWED_ORIGINS="https://a.example")

        own = client.request(method, path, headers={"origin": "https://a.example"})
        other = client.request(method, path, headers={"origin": "https://b.example"})

        assert own.headers["access-control-allow-origin"] == "https://a.example"
        assert "access-control-allow-origin" not in other.headers
        assert own.headers["vary"] == other.headers["vary"] == "Origin"

    def test_are_not_cached_and_not_taken_for_html(self, client: Client) -> None:
        headers = client.request("GET", "/health").headers

        assert headers["cache-control"] == "no-store"
        assert headers["content-type"] == "application/json"
        assert headers["x-content-type-options"] == "nosniff"


def test_everything_is_below_the_prefix() -> None:
    client = Client(PATH_PREFIX="/own")

    assert client.post("/own/v1/track", TRACK).status == 200
    assert client.post("/v1/track", TRACK).status == 404
