"""Which images a Dockerfile pulls from a registry unless its builder says otherwise."""

import re
from collections.abc import Iterator

_PINNED = re.compile(r"^\S+@sha256:[0-9a-f]{64}$")
_ARG = re.compile(r"(?mi)^ARG\s+(\w+)(?:=(\S+))?")
_FROM = re.compile(r"(?mi)^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?")
_USED = re.compile(r"(?mi)^(?:COPY|ADD|RUN)\b[^\n]*?(?:--from=|,from=)([^\s,]+)")


def unpinned(dockerfile: str) -> list[str]:
    """Return the images that are not named by their digest, or by no default of an argument."""
    return [image for image in _pulled(dockerfile) if not _PINNED.match(image)]


def _pulled(dockerfile: str) -> Iterator[str]:
    defaults = {name: default.strip("\"'") for name, default in _ARG.findall(dockerfile)}
    stages = {"scratch"}
    for image, stage in _FROM.findall(dockerfile):
        if image not in stages:
            yield _with_defaults(image, defaults)
        stages.add(stage)
    for image in _USED.findall(dockerfile):
        if image not in stages and not image.isdigit():
            yield _with_defaults(image, defaults)


def _with_defaults(image: str, defaults: dict[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda name: defaults.get(name[1], ""), image) or image
