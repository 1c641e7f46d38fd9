"""The settings that every sink reads from its environment."""

from collections.abc import Mapping
from datetime import timedelta

from headwater_contract.limits import DEFAULT_MAX_AGE


class SettingsError(ValueError):
    """A setting is missing or not valid; the text names it."""


def required(environment: Mapping[str, str], name: str) -> str:
    """Return a setting that a sink cannot start without.

    Raises:
        SettingsError: it is missing.
    """
    value = environment.get(name)
    if not value:
        raise SettingsError(f"{name} is not set: the sink cannot start without it")
    return value


def whole(environment: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """Return a setting that is a whole number within ``allowed``.

    Raises:
        SettingsError: it is not one.
    """
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and int(text) in allowed):
        raise SettingsError(
            f"{name} is {text!r}: give a whole number from {allowed[0]} to {allowed[-1]}"
        )
    return int(text)


def max_age(environment: Mapping[str, str]) -> timedelta:
    """Return how old an event may be: the writer's own setting, so that times agree.

    Raises:
        SettingsError: ``MAX_EVENT_AGE_DAYS`` is not valid.
    """
    name = "MAX_EVENT_AGE_DAYS"
    return timedelta(days=whole(environment, name, DEFAULT_MAX_AGE.days, range(1, 3651)))
