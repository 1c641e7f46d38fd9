"""A client of a collector that puts on a stream in memory: no network, no AWS, no waiting."""

import base64
import json
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headwater_collector.collector import Collector
from headwater_collector.delivery import Patience
from headwater_collector.settings import Settings
from headwater_collector.stream import MemoryStream
from headwater_contract.envelope import Entry, StreamRecord
from headwater_contract.stream_record import unpack

if TYPE_CHECKING:
    from headwater_collector.telemetry import Outcome

REQUIRED = {"STREAM_NAME": "events", "AWS_REGION": "eu-central-1"}
NOW = datetime(2026, 1, 31, 13, 37, tzinfo=UTC)


def recorded_event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((Path(__file__).parent / "events" / name).read_text())
    return event


class FakeClock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def patience(self) -> Patience:
        return Patience(clock=self, sleep=self.sleep, random=lambda: 1.0)


@dataclass(frozen=True)
class HttpResponse:
    """A response as a client sees it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.text)
        return body


class Client:
    """Sends requests to a collector and looks at what is on its stream."""

    def __init__(
        self,
        outages: Iterable[Collection[int]] = (),
        throttled: Collection[int] = (),
        **environment: str,
    ) -> None:
        self.stream = MemoryStream(outages, throttled)
        self.outcomes: list[Outcome] = []
        self._collector = Collector(
            settings=Settings.from_environment(REQUIRED | environment),
            stream=self.stream,
            now=lambda: NOW,
            report=self.outcomes.append,
            patience=FakeClock().patience(),
        )

    def send(self, event: Mapping[str, Any]) -> HttpResponse:
        payload = self._collector.handle(event)
        return HttpResponse(payload["statusCode"], payload["headers"], payload["body"])

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        event = deepcopy(_TEMPLATE)
        event["rawPath"] = path
        event["requestContext"]["http"] |= {"method": method, "path": path}
        event["headers"] = {"content-type": "application/json"} | dict(headers or {})
        event["body"] = base64.b64encode(body).decode()
        event["isBase64Encoded"] = True
        return self.send(event)

    def post(
        self, path: str, body: bytes | object, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.request("POST", path, text, headers)

    @property
    def records(self) -> list[StreamRecord]:
        return [unpack(record.data) for record in self.stream.records]

    @property
    def entries(self) -> list[Entry]:
        return [entry for record in self.records for entry in record.entries]

    @property
    def accepted(self) -> list[bytes]:
        return [entry.body for entry in self.entries if entry.refusal is None]

    @property
    def refused(self) -> list[bytes]:
        return [entry.body for entry in self.entries if entry.refusal is not None]


_TEMPLATE = recorded_event("http_api.json")
del _TEMPLATE["cookies"]
