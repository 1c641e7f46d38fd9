"""Commands that install from a registry, in scripts of several kinds, and are not checked."""

import re
from collections.abc import Iterator

_ARGUMENTS = r"(?P<arguments>(?:\\\n|[^\n#;&|])*)"
_PYTHON = re.compile(rf"\bpip3? (?:install|sync)\b{_ARGUMENTS}")
_NODE = re.compile(rf"\bnpm\b{_ARGUMENTS}")
_GO = re.compile(rf"\bgo (?:install|run)\b{_ARGUMENTS}")
_FETCHED = re.compile(
    r"\b(?:npx|pnpm|yarn|bunx?|uvx|pipx|curl|wget)\b[^\n]*|\buv (?:tool|run --with)\b[^\n]*"
)
_NODE_INSTALLS = {"add", "ci", "exec", "i", "install", "install-ci-test", "it", "update", "up", "x"}


def unchecked(script: str) -> list[str]:
    """Return the commands that may bring other bytes tomorrow, or let packages run scripts."""
    return [command.strip() for command in _unchecked(script)]


def _unchecked(script: str) -> Iterator[str]:
    code = re.sub(r"(?m)^\s*#.*$", "", script)
    for command in _PYTHON.finditer(code):
        if not _is_hashed(command["arguments"]):
            yield command[0]
    for command in _NODE.finditer(code):
        if not _runs_no_scripts(command["arguments"].split()):
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


def _runs_no_scripts(arguments: list[str]) -> bool:
    # `npm ci` takes what the lock file has; everything else may take something newer.
    verbs = {argument for argument in arguments if argument in {*_NODE_INSTALLS, "run", "test"}}
    return not verbs & _NODE_INSTALLS or (verbs == {"ci"} and "--ignore-scripts" in arguments)
