import pytest

from headwater_collector.errors import UnknownPathError, WrongMethodError
from headwater_collector.responses import FORGOTTEN, HEALTHY
from headwater_collector.routes import Collect, Preflight, ProjectSettings, find_route

PATHS_OF_MESSAGES = [
    *("/v1/track", "/v1/identify", "/v1/page", "/v1/screen", "/v1/group", "/v1/alias", "/v1/batch"),
    *("/v1/import", "/beacon/v1/batch"),
    *("/v1/t", "/v1/i", "/v1/p", "/v1/s", "/v1/g", "/v1/a", "/v1/b"),
    *("/track", "/identify", "/v1/history"),
]


@pytest.mark.parametrize("path", PATHS_OF_MESSAGES)
def test_collects_what_is_posted(path: str) -> None:
    assert isinstance(find_route("POST", path), Collect)


@pytest.mark.parametrize(
    ("path", "message_type"),
    [
        *(("/v1/t", "track"), ("/v1/i", "identify"), ("/v1/p", "page"), ("/v1/s", "screen")),
        *(("/v1/g", "group"), ("/v1/a", "alias"), ("/v1/track", "track"), ("/v1/page", "page")),
    ],
)
def test_the_route_says_the_type_whatever_the_message_says(path: str, message_type: str) -> None:
    route = find_route("POST", path)
    assert isinstance(route, Collect)

    validation = route.validate(
        b'{"type":"none","event":"e","groupId":"g","userId":"u","anonymousId":"a"}'
    )

    assert validation.entry.message_type == message_type


@pytest.mark.parametrize("path", ["/v1/m", "/rsaMetrics"])
def test_forgets_what_clients_report_on_themselves(path: str) -> None:
    assert find_route("POST", path) == FORGOTTEN


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_tells_its_health(method: str) -> None:
    assert find_route(method, "/health") == HEALTHY


def test_tells_the_settings_behind_a_key() -> None:
    assert find_route("GET", "/v1/projects/key-1/settings") == ProjectSettings("key-1")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/track", "POST, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
        ("/v1/projects/key-1/settings", "GET, OPTIONS"),
    ],
)
def test_tells_the_methods_of_a_path(path: str, methods: str) -> None:
    assert find_route("OPTIONS", path) == Preflight(methods)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "post", "☃"])
def test_refuses_another_method_and_names_those_allowed(method: str) -> None:
    with pytest.raises(WrongMethodError, match="use POST, OPTIONS") as error:
        find_route(method, "/v1/track")

    assert error.value.headers == {"allow": "POST, OPTIONS"}


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "", "/v1", "/v1/", "/v1/tracks", "/V1/track", "/healthy"])
def test_refuses_an_unknown_path_and_names_those_known(method: str, path: str) -> None:
    with pytest.raises(UnknownPathError, match=r"/v1/track, .*/v1/batch, .*GET /health"):
        find_route(method, path)


def test_everything_is_below_the_prefix() -> None:
    assert isinstance(find_route("POST", "/a/b/v1/track", "/a/b"), Collect)
    assert find_route("GET", "/a/b/health", "/a/b") == HEALTHY


@pytest.mark.parametrize("path", ["/v1/track", "/health", "/a/v1/track", "/a/bv1/track", "/a/b"])
def test_nothing_is_outside_the_prefix(path: str) -> None:
    with pytest.raises(UnknownPathError, match="POST to one of /a/b/v1/track"):
        find_route("POST", path, "/a/b")
