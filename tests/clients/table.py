"""What official clients send, read from their sources: paths, forms, what they retry."""

from dataclasses import dataclass
from enum import StrEnum

from clients.http_request import Form


class Tried(StrEnum):
    """How the tests know."""

    RUN = "run by the tests"
    RECORDED = "recorded from a run"
    BUILT = "as its source builds it"


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of one form, and the paths that they go to; ``{key}`` stands for the write key.

    Where the host can have a slash at its end, the paths are those with one.
    """

    form: Form
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class Client:
    """An official client.

    ``host`` is what its user sets, as an example; ``retries`` the statuses after which it
    retries; and ``source`` the files that say so, in its maker's repository.
    """

    name: str
    version: str
    tried: Tried
    requests: tuple[Requests, ...]
    channel: str
    host: str
    retries: str
    source: str


def _sends(paths: str, form: Form) -> Requests:
    return Requests(form, frozenset(paths.split()))


def _asks(paths: str, content_type: str = "") -> Requests:
    return _sends(paths, Form("GET", content_type, ("path",), ()))


def _batches(
    paths: str,
    key: str,
    body: str = "batch sentAt",
    content_type: str = "application/json",
    encoding: str = "",
) -> Requests:
    form = Form("POST", content_type, tuple(key.split()), tuple(body.split()), encoding)
    return _sends(paths, form)


_SETTINGS = "/v1/projects/{key}/settings"
_NEWER = "408, 410, 429, 460, 5xx but 501, 505 and 511"

CLIENTS = (
    Client(
        name="analytics-next",
        version="1.84.3",
        tried=Tried.RUN,
        requests=(
            _asks(f"/{_SETTINGS}"),
            _sends(
                "/v1/i /v1/t /v1/p /v1/s /v1/g /v1/a",
                Form("POST", "text/plain", ("basic", "body"), ("message",)),
            ),
        ),
        channel="browser",
        host='`cdnURL: "https://…"`, the rest is in the settings',
        retries=f"{_NEWER}; `Retry-After` of a 429",
        source="segmentio/analytics-next: packages/browser/src/plugins/segmentio/"
        "{index,fetch-dispatcher,shared-dispatcher}.ts, core/stats/remote-metrics.ts",
    ),
    Client(
        name="analytics-next batching",
        version="1.84.3",
        tried=Tried.RUN,
        requests=(
            _asks(f"/{_SETTINGS}"),
            _batches("/v1/b", "basic body", "batch sentAt writeKey", "text/plain"),
        ),
        channel="browser",
        host='`cdnURL: "https://…"`, the rest is in the settings',
        retries=f"{_NEWER}; `Retry-After` of a 429",
        source="segmentio/analytics-next: packages/browser/src/plugins/segmentio/"
        "batched-dispatcher.ts",
    ),
    Client(
        name="analytics-node",
        version="3.1.0",
        tried=Tried.RUN,
        requests=(_batches("/v1/batch", "basic body", "batch sentAt writeKey"),),
        channel="server",
        host='`host: "https://…"`',
        retries=f"{_NEWER}; `Retry-After` of a 429",
        source="segmentio/analytics-next: packages/node/src/plugins/segmentio/publisher.ts, "
        "lib/create-url.ts",
    ),
    Client(
        name="analytics-python",
        version="2.4.0",
        tried=Tried.RUN,
        requests=(_batches("/v1/batch", "basic body", "batch sentAt writeKey", encoding="gzip"),),
        channel="server",
        host='`host = "https://…"`',
        retries=f"{_NEWER}; `Retry-After` of any",
        source="segmentio/analytics-python: segment/analytics/request.py, consumer.py",
    ),
    Client(
        name="analytics-java",
        version="3.5.4",
        tried=Tried.RUN,
        requests=(_batches("//v1/import/", "body", "batch context sentAt sequence writeKey"),),
        channel="server",
        host='`.endpoint("https://…")`',
        retries="429, 5xx; from 3.5.5 on as the newer ones",
        source="segmentio/analytics-java: analytics/src/main/java/com/segment/analytics/"
        "{Analytics,internal/AnalyticsClient}.java",
    ),
    Client(
        name="analytics-kotlin",
        version="1.27.0",
        tried=Tried.RUN,
        requests=(
            _asks("/v1//projects/{key}/settings", "application/json"),
            _batches("/v1/b", "body", "batch sentAt writeKey", "text/plain", "gzip"),
        ),
        channel="mobile",
        host='`apiHost`, `cdnHost = "…/v1"`, without a scheme',
        retries="429, 5xx",
        source="segmentio/analytics-kotlin: core/src/main/java/com/segment/analytics/kotlin/core/"
        "{HTTPClient,Telemetry,platform/EventPipeline}.kt",
    ),
    Client(
        name="analytics-go",
        version="3.3.0",
        tried=Tried.RUN,
        requests=(_batches("//v1/batch", "basic", "batch context messageId sentAt"),),
        channel="server",
        host='`Endpoint: "https://…"`',
        retries="whatever is not below 300, ten times",
        source="segmentio/analytics-go: analytics.go, message.go",
    ),
    Client(
        name="analytics-ruby",
        version="2.5.0",
        tried=Tried.RECORDED,
        requests=(_batches("/v1/import", "basic"),),
        channel="server",
        host='`host: "…"`, without a scheme; always TLS',
        retries="429, 5xx, ten times",
        source="segmentio/analytics-ruby: lib/segment/analytics/{defaults,transport}.rb",
    ),
    Client(
        name="analytics-php",
        version="3.8.2",
        tried=Tried.RECORDED,
        requests=(_batches("/v1/batch", "basic", encoding="gzip"),),
        channel="server",
        host='`"host" => "…"`, without a scheme; always TLS',
        retries="429, 5xx, for ten seconds",
        source="segmentio/analytics-php: lib/Consumer/{LibCurl,QueueConsumer}.php",
    ),
    Client(
        name="analytics-rust",
        version="0.2.1",
        tried=Tried.RECORDED,
        requests=(
            _batches("//v1/batch", "basic", "batch context"),
            _sends("//v1/track", Form("POST", "application/json", ("basic",), ("message",))),
        ),
        channel="server",
        host='`HttpClient::new(…, "https://…")`',
        retries="nothing: it returns the error",
        source="segmentio/analytics-rust: src/{http,batcher}.rs",
    ),
    Client(
        name="Analytics.NET",
        version="3.8.1",
        tried=Tried.BUILT,
        requests=(_batches("/v1/import", "basic", "batch messageId sentAt", encoding="gzip"),),
        channel="server",
        host='`SetHost("https://…")`',
        retries="429, 5xx",
        source="segmentio/Analytics.NET: Analytics/{Config,Request/BlockingRequestHandler}.cs",
    ),
    Client(
        name="Analytics-CSharp",
        version="2.6.0",
        tried=Tried.BUILT,
        requests=(
            _asks(_SETTINGS),
            _batches("/v1/b", "body", "batch sentAt writeKey", "", "gzip"),
        ),
        channel="server",
        host='`apiHost`, `cdnHost: "…/v1"`, without a scheme',
        retries="3xx, 429, 5xx",
        source="segmentio/Analytics-CSharp: Analytics-CSharp/Segment/Analytics/Utilities/"
        "{HTTPClient,EventPipeline,Storage}.cs",
    ),
    Client(
        name="analytics-swift",
        version="1.9.4",
        tried=Tried.BUILT,
        requests=(
            _asks(_SETTINGS, "application/json"),
            _batches("/v1/b", "body", "batch sentAt writeKey"),
            _batches("/v1/m", "", "series", "text/plain"),
        ),
        channel="mobile",
        host='`.apiHost("…/v1")`, `.cdnHost("…/v1")`, without a scheme',
        retries="whatever is not below 300, but 400",
        source="segmentio/analytics-swift: Sources/Segment/Utilities/"
        "{Networking/HTTPClient,Telemetry,Storage/Types/DirectoryStore}.swift",
    ),
    Client(
        name="analytics-android",
        version="4.11.4",
        tried=Tried.BUILT,
        requests=(
            _asks(_SETTINGS, "application/json"),
            _batches("/v1/import", "body", "batch sentAt writeKey", encoding="gzip"),
        ),
        channel="mobile",
        host='`.defaultApiHost("…/v1")`, and a `ConnectionFactory` for the settings',
        retries="429, 5xx",
        source="segmentio/analytics-android: analytics/src/main/java/com/segment/analytics/"
        "{ConnectionFactory,Client,SegmentIntegration}.java",
    ),
    Client(
        name="analytics-ios",
        version="4.1.8",
        tried=Tried.BUILT,
        requests=(
            _asks(_SETTINGS),
            _batches("/v1/batch", "body", "batch sentAt writeKey", encoding="gzip"),
        ),
        channel="mobile",
        host="`requestFactory`, which changes the URL's host",
        retries="3xx, 429, 5xx",
        source="segmentio/analytics-ios: Segment/Classes/{SEGHTTPClient,SEGSegmentIntegration}.m",
    ),
    Client(
        name="analytics-react-native",
        version="2.21.4",
        tried=Tried.BUILT,
        requests=(
            _asks(_SETTINGS),
            _batches("/v1/b", "body", "batch sentAt writeKey"),
        ),
        channel="mobile",
        host='`cdnProxy: "https://…/v1"` with `useSegmentEndpoints: true`',
        retries="408, 410, 429, 460, 5xx but 501 and 505; `Retry-After` of any",
        source="segmentio/analytics-react-native: packages/core/src/"
        "{api,constants,errors,plugins/SegmentDestination}.ts",
    ),
    Client(
        name="rudder-sdk-js",
        version="3.34.1",
        tried=Tried.RUN,
        requests=(
            _sends("/sourceConfig/", Form("GET", "", ("basic", "query"), ())),
            _sends(
                "/v1/identify /v1/track /v1/page /v1/group /v1/alias",
                Form("POST", "application/json", ("basic",), ("message",)),
            ),
        ),
        channel="browser",
        host='`load(key, "https://…", {configUrl: "https://…"})`',
        retries="429, and whatever is not a 4xx",
        source="rudderlabs/rudder-sdk-js: packages/analytics-js-plugins/src/xhrQueue/utilities.ts, "
        "packages/analytics-js/src/components/configManager/",
    ),
    Client(
        name="rudder-sdk-js beacons",
        version="3.34.1",
        tried=Tried.RUN,
        requests=(
            _sends("/sourceConfig/", Form("GET", "", ("basic", "query"), ())),
            _batches("/beacon/v1/batch", "query", content_type="text/plain"),
        ),
        channel="browser",
        host="the same, with `useBeacon: true`",
        retries="nothing: a beacon has no answer",
        source="rudderlabs/rudder-sdk-js: packages/analytics-js-plugins/src/beaconQueue/"
        "utilities.ts",
    ),
    Client(
        name="rudder-sdk-node",
        version="3.0.13",
        tried=Tried.RUN,
        requests=(
            _batches(
                "/v1/batch",
                "basic",
                "batch sentAt timestamp",
                "application/x-www-form-urlencoded",
                "gzip",
            ),
        ),
        channel="server",
        host='`dataPlaneUrl: "https://…"`',
        retries="429, 5xx, three times",
        source="rudderlabs/rudder-sdk-node: src/index.js",
    ),
    Client(
        name="rudder-sdk-python",
        version="2.1.9",
        tried=Tried.RUN,
        requests=(_batches("/v1/batch", "basic", encoding="gzip"),),
        channel="server",
        host='`dataPlaneUrl = "https://…"`',
        retries="429, 5xx, ten times; any answer without `code` and `message`",
        source="rudderlabs/rudder-sdk-python: rudderstack/analytics/{request,consumer}.py",
    ),
)
