import pytest

from headwater_collector.settings import Settings
from headwater_collector.write_keys import WriteKeys
from unit.collector.client import REQUIRED


def settings(**environment: str) -> Settings:
    return Settings.from_environment(REQUIRED | environment)


def test_only_the_stream_and_the_region_are_required() -> None:
    assert settings() == Settings(
        stream_name="events",
        region="eu-central-1",
        allowed_origins=frozenset({"*"}),
        write_keys=WriteKeys(),
        path_prefix="",
        capture_headers={},
        trust_cloudfront=False,
        edge_secret="",
        gpc_policy="strip",
        metrics_namespace="Headwater",
    )


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [{}, {"STREAM_NAME": "", "AWS_REGION": ""}])
def test_names_what_is_missing(name: str, value: dict[str, str]) -> None:
    environment = {other: REQUIRED[other] for other in REQUIRED if other != name}

    with pytest.raises(ValueError, match=f"{name} is missing"):
        Settings.from_environment(value | environment)


def test_reads_origins_between_commas() -> None:
    origins = settings(ALLOWED_ORIGINS="https://a.example, https://b.example,").allowed_origins

    assert origins == {"https://a.example", "https://b.example"}


def test_reads_write_keys() -> None:
    keys = settings(WRITE_KEYS='{"key-1": "website"}', IMPORT_KEYS='{"key-2": "shop"}').write_keys

    assert keys == WriteKeys({"key-1": "website"}, {"key-2": "shop"})


@pytest.mark.parametrize("text", ["first-party", "/first-party", "/first-party/", " first-party "])
def test_reads_a_prefix_with_and_without_slashes(text: str) -> None:
    assert settings(PATH_PREFIX=text).path_prefix == "/first-party"


def test_reads_headers_to_capture_in_any_case() -> None:
    chosen = settings(CAPTURE_HEADERS='{"*": ["DNT"], "page_view": []}').capture_headers

    assert chosen == {"*": ("dnt",), "page_view": ()}


@pytest.mark.parametrize(("text", "trusts"), [("true", True), ("false", False), ("", False)])
def test_reads_whether_cloudfront_is_trusted(text: str, trusts: bool) -> None:
    assert settings(TRUST_CLOUDFRONT=text).trust_cloudfront is trusts


@pytest.mark.parametrize("text", ["yes", "1", "True", "on"])
def test_takes_nothing_but_true_for_trust(text: str) -> None:
    with pytest.raises(ValueError, match="TRUST_CLOUDFRONT must be true or false"):
        settings(TRUST_CLOUDFRONT=text)


def test_reads_where_metrics_belong() -> None:
    environment = {"POWERTOOLS_METRICS_NAMESPACE": "Headwater/blue"}

    assert settings(**environment).metrics_namespace == "Headwater/blue"


@pytest.mark.parametrize("name", ["WRITE_KEYS", "IMPORT_KEYS", "CAPTURE_HEADERS"])
@pytest.mark.parametrize("text", ["{", "[]", "1", "null", '{"key": 1}', '{"key": [1]}'])
def test_names_a_variable_that_cannot_be_read(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        settings(**{name: text})


def test_refuses_a_key_without_an_app() -> None:
    with pytest.raises(ValueError, match="WRITE_KEYS must map keys to app ids"):
        settings(WRITE_KEYS='{"key-1": ""}')
