"""Commands that install from a registry, in scripts of several kinds, and are not checked."""

import re
from collections.abc import Iterator

_ARGUMENTS = r"(?P<arguments>(?:\\\n|[^\n#;&|])*)"
_PYTHON = re.compile(rf"\bpip (?:install|sync)\b{_ARGUMENTS}")
_NODE = re.compile(rf"\bnpm (?P<verb>install|ci|i|add|update|exec)\b{_ARGUMENTS}")
_GO = re.compile(rf"\bgo (?:install|run)\b{_ARGUMENTS}")
_FETCHED = re.compile(r"\b(?:npx|uvx|pipx|curl|wget)\b[^\n]*|\buv tool [^\n]*")


def unchecked(script: str) -> list[str]:
    """Return the commands that may bring other bytes tomorrow, or let packages run scripts."""
    return [command.strip() for command in _unchecked(script)]


def _unchecked(script: str) -> Iterator[str]:
    code = re.sub(r"(?m)^\s*#.*$", "", script)
    for command in _PYTHON.finditer(code):
        if not _is_hashed(command["arguments"]):
            yield command[0]
    for command in _NODE.finditer(code):
        if command["verb"] != "ci" or "--ignore-scripts" not in command["arguments"]:
            yield command[0]
    for command in _GO.finditer(code):
        if not re.search(r"@v\d+\.\d+\.\d+\b", command["arguments"]):
            yield command[0]
    yield from (command[0] for command in _FETCHED.finditer(code))


def _is_hashed(arguments: str) -> bool:
    if "--require-hashes" in arguments:
        return True
    # Our own packages, of which only the backend that builds them comes from elsewhere.
    return "--no-deps" in arguments and "-e" in arguments and "--build-constraints" in arguments
