"""What the deployer of the cluster sets beside the writer's own settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from headwater_writer.settings import SettingsError


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Settings of the job.

    ``stream`` is the stream's name, ``round_seconds`` the least time from the start of one round to
    that of the next. ``ends_when_idle`` ends the job as soon as nothing is open, for one that a
    schedule starts; ``reads_again`` reads the stream from its start first, as is due after a
    rewind.
    """

    stream: str
    round_seconds: float
    ends_when_idle: bool
    reads_again: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "ClusterSettings":
        """Read the settings.

        Raises:
            SettingsError: a variable is missing or not valid.
        """
        stream = environment.get("STREAM_NAME")
        if not stream:
            raise SettingsError("STREAM_NAME is not set: give the name of the stream to read")
        return cls(
            stream=stream,
            round_seconds=_seconds(environment),
            ends_when_idle=_switch(environment, "END_WHEN_IDLE"),
            reads_again=_switch(environment, "READ_AGAIN"),
        )


def _seconds(environment: Mapping[str, str]) -> float:
    text = environment.get("ROUND_SECONDS", "30")
    if not text.isdecimal() or int(text) > 3600:
        raise SettingsError(f"ROUND_SECONDS is {text!r}: give whole seconds from 0 to 3600")
    return float(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "no")
    if text not in ("yes", "no"):
        raise SettingsError(f"{name} is {text!r}: give yes or no")
    return text == "yes"
