"""Whatever a client sends, the collector answers it shortly and loses nothing that it accepts."""

import base64
import gzip
import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any, Final

from fuzz.corpus import OWN_ROUTES, ROUTES, TEXTS, cases
from fuzz.mutation import TOKENS, damaged, hostile, mutated, text_of
from fuzz.target import Checked, Target
from headwater_collector.collector import Collector
from headwater_collector.delivery import Patience
from headwater_collector.settings import Settings
from headwater_collector.stream import MemoryStream, Record
from headwater_contract.fields import MESSAGE_TYPES
from headwater_contract.limits import MAX_STREAM_RECORD_BYTES
from headwater_contract.stream_record import unpack
from headwater_writer.rows.rows import Rules, shape
from unit.collector.client import NOW, REQUIRED, recorded_event

MAX_ANSWER_BYTES: Final = 16 * 1024
MAX_HEADERS_CHARACTERS: Final = 4 * 1024
MAX_REASON_CHARACTERS: Final = 300
MAX_SHAPED: Final = 5
"""Of the messages that one request put on the stream, how many are shaped."""

ENVIRONMENTS: Final[tuple[Mapping[str, str], ...]] = (
    {},
    {"WRITE_KEYS": '{"key-1": "website"}'},
    {
        "ALLOWED_ORIGINS": "https://shop.example",
        "CAPTURE_HEADERS": '{"*": ["via", "cookie"], "Ping": ["dnt", "user-agent"]}',
    },
    {"PATH_PREFIX": "/own", "TRUST_CLOUDFRONT": "true", "GPC_POLICY": "keep"},
    {"GPC_POLICY": "drop"},
)

_METHODS: Final = ("GET", "HEAD", "OPTIONS", "PUT", "post", "", "\ud800", "TRACE" * 400)
_PATHS: Final = (
    *("/", "", "//", "/health", "/health/", "/v1", "/v1/track/x", "/V1/track", "/v1//track"),
    *("/v1/projects/key-1/settings", "/v1/projects//settings", "/v1/projects/a/b/settings"),
    *("/v1/m", "/rsaMetrics", "/sourceConfig", "/beacon/v1/batch", "/beacon/v1/track"),
    *(f"{prefix}/v1/pixel/{kind}" for kind in MESSAGE_TYPES for prefix in ("", "/own")),
    *("/v1/pixel/", "/v1/m", "/sourceConfig"),
    *("/own", "/own/health", "/own/own/v1/t", "/%2e%2e/v1/t", "/v1/t%00", "/v1/t?x", "/" * 9000),
)
_ENCODINGS: Final = ("gzip", "GZIP ", "x-gzip", "identity", "br", "gzip, gzip", "", "é" * 3000)
_HEADERS: Final = (
    *("origin", "cookie", "user-agent", "host", "x-forwarded-proto", "via", "dnt", "Content-Type"),
    *("access-control-request-headers", "access-control-request-method"),
    *("cloudfront-viewer-address", "cloudfront-viewer-country", "cloudfront-viewer-city", "\ud800"),
)


def collector(environment: Mapping[str, str]) -> tuple[Collector, list[Record]]:
    """Return a collector, and the list of what it puts on its stream."""
    stream = MemoryStream()
    settings = Settings.from_environment({**REQUIRED, **environment})
    patience = Patience(sleep=_never)
    return (
        Collector(settings, stream, now=lambda: NOW, report=lambda _: None, patience=patience),
        stream.records,
    )


def check(rng: Random) -> Checked:
    """Send a request and look at the answer, and at what is on the stream then."""
    environment = rng.choice(ENVIRONMENTS)
    event = request(rng, environment.get("PATH_PREFIX", ""))
    asked, records = collector(environment)
    try:
        answer = asked.handle(event)
    except Exception as error:  # noqa: BLE001 -- any is a finding
        problem = f"the collector raised {type(error).__name__}: {error!s:.200}"
        return Checked((environment, event), "exception", (problem,))
    problems = (*problems_of_answer(answer), *_problems_of_records(records))
    return Checked((environment, event), str(answer["statusCode"]), problems)


def request(rng: Random, prefix: str) -> dict[str, Any]:
    """Return a Lambda event of a request that is odd somewhere."""
    event = deepcopy(_template())
    path = _path(rng, prefix)
    event["rawPath"] = path
    event["requestContext"]["stage"] = rng.choice(("$default",) * 9 + ("test", "v1", ""))
    usual = "GET" if "/pixel/" in path else "POST"
    event["requestContext"]["http"]["method"] = (
        usual if rng.random() < 0.9 else rng.choice(_METHODS)
    )
    event["headers"] = _headers(rng)
    event["queryStringParameters"] = _query(rng)
    event["cookies"] = [rng.choice(TEXTS) for _ in range(rng.choice((0, 0, 3)))]
    event["body"], event["isBase64Encoded"] = _body(rng, path, event["headers"])
    return event


def problems_of_answer(answer: Mapping[str, Any]) -> list[str]:
    """Return what no answer may be."""
    size = len(answer["body"].encode())
    headers = "".join(f"{name}{value}" for name, value in answer["headers"].items())
    found = {
        f"status {answer['statusCode']}": not 200 <= answer["statusCode"] < 500,
        f"an answer of {size} bytes": size > MAX_ANSWER_BYTES,
        f"headers of {len(headers)} characters": len(headers) > MAX_HEADERS_CHARACTERS,
        "an answer that is no JSON": bool(answer["body"])
        and not (answer["isBase64Encoded"] or _is_json(answer["body"])),
        "a header of two lines": "\r" in headers or "\n" in headers,
        "an answer that may be cached": answer["headers"]["cache-control"] != "no-store",
    }
    return [problem for problem, is_so in found.items() if is_so]


def _problems_of_records(records: list[Record]) -> list[str]:
    found = []
    for record in records:
        unpacked = unpack(record.data)
        if len(record.data) > MAX_STREAM_RECORD_BYTES or len(record.partition_key) > 256:
            found.append("a record that the stream does not take")
        for entry in unpacked.entries[:MAX_SHAPED]:
            if entry.refusal is None:
                shape(entry, unpacked.envelope, Rules())
            elif len(entry.refusal) > MAX_REASON_CHARACTERS:
                found.append(f"a reason of {len(entry.refusal)} characters")
    return found


def _path(rng: Random, prefix: str) -> str:
    route = rng.choice(ROUTES + ("/v1/batch", "/v1/b") * 8 + OWN_ROUTES)
    match rng.randrange(20):
        case 0:
            return rng.choice(_PATHS)
        case 1:
            return f"{prefix}/{rng.choice(TEXTS)}{route}"
        case 2:
            return f"{prefix}/v1/projects/{rng.choice(TEXTS) * rng.choice((1, 90))}/settings"
        case 3:
            return f"{rng.choice(('/own', '/test'))}{route}"
        case 4:
            return f"{prefix}{route}".replace("/", "/" * rng.choice((2, 5000)))
    return f"{prefix}{route}"


def _query(rng: Random) -> dict[str, str] | None:
    message = text_of(rng, mutated(rng, rng.choice(cases()).message))
    data = rng.choice((base64.b64encode(message), message, damaged(rng, message)))
    text = data.decode(errors="surrogateescape")
    return rng.choice((None, None, {}, {"data": text}, {"writeKey": rng.choice(TEXTS)}))


def _headers(rng: Random) -> dict[str, str]:
    headers = {"content-type": "application/json", "host": "e.example"}
    for _ in range(rng.choice((0, 0, 1, 4))):
        headers[rng.choice(_HEADERS)] = rng.choice(TEXTS) * rng.choice((1, 1, 3000))
    if rng.random() < 0.3:
        key = rng.choice(("key-1", "key-2", "", "é", "a:b")) + rng.choice((":", "", ":secret"))
        credentials = base64.b64encode(key.encode()).decode()
        scheme = rng.choice(("Basic ", "basic ", "Bearer ", "Basic", "Basic  "))
        headers["authorization"] = scheme + rng.choice((credentials, credentials[1:], "é", ""))
    if rng.random() < 0.2:
        headers["sec-gpc"] = "1"
    if rng.random() < 0.3:
        headers["content-encoding"] = rng.choice(("gzip",) * 9 + _ENCODINGS)
    return headers


def _body(rng: Random, path: str, headers: Mapping[str, str]) -> tuple[str, bool]:
    content = _content(rng, path)
    content = damaged(rng, content) if rng.random() < 0.4 else content
    if headers.get("content-encoding", "").strip().lower() in {"gzip", "x-gzip"}:
        compressed = gzip.compress(content, 1)
        content = rng.choice((compressed,) * 4 + (compressed * 2, damaged(rng, compressed)))
    if rng.random() < 0.5:
        encoded = base64.b64encode(content).decode()
        return rng.choice((encoded,) * 8 + (encoded[1:], encoded + "é")), True
    return content.decode(errors=rng.choice(("replace", "surrogateescape"))), False


def _content(rng: Random, path: str) -> bytes:
    if rng.random() < 0.01:
        return rng.choice(TOKENS) * rng.choice((40_000, 600_000))
    if not path.endswith(("/batch", "/b", "/import")):
        return text_of(rng, mutated(rng, rng.choice(cases()).message))
    if rng.random() < 0.01:
        return _large_batch(rng)
    batch = [mutated(rng, rng.choice(cases()).message) for _ in range(rng.choice((0, 1, 1, 2, 5)))]
    body = {"batch": batch, "sentAt": "2026-01-31T13:37:00Z", "writeKey": "key-1"}
    return text_of(rng, mutated(rng, body) if rng.random() < 0.3 else body)


def _large_batch(rng: Random) -> bytes:
    """Return as many messages as a request takes, or a few more, of one kind."""
    message = rng.choice((hostile, lambda rng: mutated(rng, rng.choice(cases()).message)))(rng)
    text = text_of(rng, message)[:30_000]
    count = min(rng.choice((2_400, 2_600)), 499_000 // (len(text) + 1))
    return b'{"batch":[%b]}' % b",".join([text] * count)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _never(seconds: float) -> None:
    raise AssertionError(f"the collector paused for {seconds} s: the stream rejected nothing")


@cache
def _template() -> dict[str, Any]:
    return recorded_event("http_api.json")


REQUESTS: Final = Target("collector", check, share=0.6)
