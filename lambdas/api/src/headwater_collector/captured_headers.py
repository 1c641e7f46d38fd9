"""The request headers that the deployer chose to keep with events."""

from collections.abc import Mapping, Sequence


def captured_headers(
    headers: Mapping[str, str], chosen: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, str]]:
    """Return, for each event type of ``chosen``, the headers that it names and that are there.

    A type stays even with none of them there, so that it does not fall back to ``"*"``.
    """
    return {
        event_type: {name: headers[name] for name in names if name in headers}
        for event_type, names in chosen.items()
    }
