"""What the deployer decides about the process, from environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass


class SettingsError(ValueError):
    """A variable is missing; the text names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The poller's settings.

    ``config`` is a path or an ``s3://`` URI. ``state`` is a folder, or an ``s3://`` URI of one:
    each config has a file there that is named after its id.
    """

    config: str
    state: str
    stream_name: str
    region: str
    metrics_namespace: str

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Settings":
        """Return the settings that an environment describes.

        Raises:
            SettingsError: a variable is missing.
        """
        return cls(
            config=_required(env, "POLLER_CONFIG"),
            state=_required(env, "POLLER_STATE").rstrip("/"),
            stream_name=_required(env, "STREAM_NAME"),
            region=_required(env, "AWS_REGION"),
            metrics_namespace=env.get("POWERTOOLS_METRICS_NAMESPACE") or "Headwater",
        )


def _required(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise SettingsError(f"{name} is missing: the poller cannot start without it")
    return env[name]
