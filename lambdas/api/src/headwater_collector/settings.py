"""What the deployer decides, from environment variables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from headwater_collector.gpc import GPC_POLICIES, GpcPolicy
from headwater_collector.write_keys import WriteKeys


@dataclass(frozen=True, slots=True)
class Settings:
    """The collector's settings.

    ``write_keys`` are those of clients and of imports. ``path_prefix`` is
    empty or like ``/first-party``. ``capture_headers`` maps an event type, or ``"*"`` for any
    other, to the lower-case names of the request headers that are kept with such events.
    ``trust_cloudfront`` takes the visitor's address, country and city from CloudFront's headers:
    only where no request reaches the collector without CloudFront. ``edge_secret`` is what our own
    distribution adds to each request, empty if there is none. ``gpc_policy`` is what becomes
    of requests under Global Privacy Control. ``metrics_namespace`` is where CloudWatch keeps the
    collector's metrics.
    """

    stream_name: str
    region: str
    allowed_origins: frozenset[str]
    write_keys: WriteKeys
    path_prefix: str
    capture_headers: Mapping[str, tuple[str, ...]]
    trust_cloudfront: bool
    edge_secret: str
    gpc_policy: GpcPolicy
    metrics_namespace: str

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Self:
        """Return the settings that an environment describes.

        Raises:
            ValueError: a variable is missing or cannot be read; the text names it.
        """
        return cls(
            stream_name=_required(env, "STREAM_NAME"),
            region=_required(env, "AWS_REGION"),
            allowed_origins=frozenset(_list(env.get("ALLOWED_ORIGINS") or "*")),
            write_keys=WriteKeys(_keys(env, "WRITE_KEYS"), _keys(env, "IMPORT_KEYS")),
            path_prefix=_prefix(env.get("PATH_PREFIX", "")),
            capture_headers=_capture_headers(_object(env, "CAPTURE_HEADERS")),
            trust_cloudfront=_flag(env, "TRUST_CLOUDFRONT"),
            edge_secret=env.get("EDGE_SECRET", ""),
            gpc_policy=_gpc_policy(env),
            metrics_namespace=env.get("POWERTOOLS_METRICS_NAMESPACE") or "Headwater",
        )


def _required(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise ValueError(f"{name} is missing: the collector cannot start without it")
    return env[name]


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _prefix(text: str) -> str:
    path = text.strip().strip("/")
    return f"/{path}" if path else ""


def _flag(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name) or "false"
    if text not in {"true", "false"}:
        raise ValueError(f"{name} must be true or false, and is {text!r}")
    return text == "true"


def _gpc_policy(env: Mapping[str, str]) -> GpcPolicy:
    text = env.get("GPC_POLICY") or "strip"
    if text not in GPC_POLICIES:
        raise ValueError(f"GPC_POLICY must be one of {', '.join(GPC_POLICIES)}, and is {text!r}")
    return cast("GpcPolicy", text)


def _object(env: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        value = json.loads(env.get(name) or "{}")
    except ValueError as error:
        raise ValueError(f"{name} is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a JSON object")  # noqa: TRY004
    return value


def _keys(env: Mapping[str, str], name: str) -> dict[str, str]:
    keys = _object(env, name)
    if not all(isinstance(app_id, str) and app_id for app_id in keys.values()):
        raise ValueError(f'{name} must map keys to app ids, like {{"key": "website"}}')
    return keys


def _capture_headers(types: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    if not all(_is_list_of_text(names) for names in types.values()):
        raise ValueError(
            'CAPTURE_HEADERS must map event types to lists of names, like {"*": ["dnt"]}'
        )
    return {kind: tuple(name.lower() for name in names) for kind, names in types.items()}


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
