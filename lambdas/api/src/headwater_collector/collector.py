"""The collector: from an HTTP request to records on the stream and a response."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from headwater_collector.captured_headers import captured_headers
from headwater_collector.content import content_of
from headwater_collector.cors import cors_headers
from headwater_collector.delivery import Patience, deliver
from headwater_collector.errors import (
    RefusedRequestError,
    StreamThrottledError,
    StreamUnavailableError,
    UnreadableBodyError,
)
from headwater_collector.gpc import by_policy
from headwater_collector.parse import Body
from headwater_collector.partition import partition_key
from headwater_collector.pixel import drawn, message_of
from headwater_collector.project_settings import project_settings
from headwater_collector.request import Request, read_request
from headwater_collector.responses import (
    Response,
    failure_response,
    preflight_response,
    single_response,
)
from headwater_collector.routes import Collect, Pixel, Preflight, ProjectSettings, Route, find_route
from headwater_collector.settings import Settings
from headwater_collector.stream import Record, Stream
from headwater_collector.telemetry import Outcome
from headwater_collector.validation import Validation, validate, validate_all
from headwater_collector.write_keys import Source, write_key_of
from headwater_contract.envelope import Envelope
from headwater_contract.stream_record import pack


@dataclass(frozen=True, slots=True)
class Collector:
    """Answers requests. ``now`` gives the time as aware UTC; ``report`` hears of each outcome."""

    settings: Settings
    stream: Stream
    now: Callable[[], datetime]
    report: Callable[[Outcome], None]
    patience: Patience = field(default_factory=Patience)

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response to a Lambda event of payload version 2.0, as such a payload."""
        request = read_request(
            event,
            trust_cloudfront=self.settings.trust_cloudfront,
            edge_secret=self.settings.edge_secret,
        )
        headers = cors_headers(request.headers.get("origin"), self.settings.allowed_origins)
        return self.respond(request).to_payload(headers, with_body=request.method != "HEAD")

    def respond(self, request: Request) -> Response:
        """Return the response to a request: there is one to whatever a client sends."""
        try:
            route = find_route(request.method, request.path, self.settings.path_prefix)
            return self._follow(route, request)
        except RefusedRequestError as error:
            return failure_response(error.status, str(error), error.headers)

    def _follow(self, route: Route, request: Request) -> Response:
        match route:
            case Collect():
                return self._collect(route, request, content_of)
            case Pixel(collect):
                return self._draw(collect, request)
            case ProjectSettings(write_key):
                self.settings.write_keys.source(write_key)
                body = project_settings(request, write_key, self.settings.path_prefix)
                return Response(200, body)
            case Preflight(methods):
                asked = request.headers.get("access-control-request-headers", "")
                return preflight_response(methods, asked)
            case Response():
                return route

    def _draw(self, route: Collect, request: Request) -> Response:
        try:
            return drawn(self._collect(route, request, message_of))
        except RefusedRequestError as error:
            return drawn(failure_response(error.status, str(error), error.headers))

    def _collect(
        self, route: Collect, request: Request, read: Callable[[Request], bytes]
    ) -> Response:
        received_at = self.now()
        # A key in the head is looked at before anything is spent on the body.
        key = write_key_of(request, self.settings.write_keys)
        source = self.settings.write_keys.source(key) if key else None
        try:
            content = read(request)
        except UnreadableBodyError as error:
            self._keep(request, error, source, received_at)
            raise
        body = route.parse(content)
        source = source or self.settings.write_keys.source(body.write_key)
        validations = validate_all(body, route.validate)
        if validations:
            self._put(request, self._envelope(request, body, source, received_at), validations)
        return single_response(validations) if body.refusal else route.respond(validations)

    def _keep(
        self,
        request: Request,
        error: UnreadableBodyError,
        source: Source | None,
        received_at: datetime,
    ) -> None:
        """Put the beginning of a body that cannot be read on the stream, as a refused message.

        If keys are required, only if the head has one: the body's cannot be read.
        """
        if source is None and self.settings.write_keys.are_required:
            return
        source = source or self.settings.write_keys.source(None)
        body = Body([error.beginning], refusal=str(error))
        refused = validate_all(body, validate)
        self._put(request, self._envelope(request, body, source, received_at), refused)

    def _envelope(
        self, request: Request, body: Body, source: Source, received_at: datetime
    ) -> Envelope:
        return Envelope(
            received_at=received_at,
            app_id=source.app_id,
            is_import=source.is_import,
            sent_at=body.sent_at,
            context=body.context,
            integrations=body.integrations,
            ip=request.ip,
            user_agent=request.user_agent,
            country=request.country,
            city=request.city,
            headers=captured_headers(request.headers, self.settings.capture_headers),
        )

    def _put(self, request: Request, envelope: Envelope, validations: Sequence[Validation]) -> None:
        kept = validations
        if request.gpc:
            envelope, kept = by_policy(self.settings.gpc_policy, envelope, validations)
        records = _records(envelope, kept)
        delivery = deliver(self.stream, records, self.patience)
        self.report(Outcome.of(kept, len(validations) - len(kept), len(records), delivery))
        if delivery.is_throttled:
            raise StreamThrottledError(
                "the stream takes no more events right now: slow down, and send the same request "
                "again"
            )
        if not delivery.is_complete:
            raise StreamUnavailableError(
                "the stream cannot be reached right now: send the same request again"
            )


def _records(envelope: Envelope, validations: Sequence[Validation]) -> list[Record]:
    if not validations:
        return []
    key = partition_key(envelope.app_id, validations)
    packed = pack(envelope, [validation.entry for validation in validations])
    return [Record(data, key) for data in packed]
