"""Running clients, unmodified, against an address; each is told one with a slash at its end."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clients.java.jvm import client_jars
from headwater_local.cache import Cache
from headwater_writer.spark import jars

HERE = Path(__file__).parent
TESTS = HERE.parent
SECONDS = 180.0

Until = Callable[[], object]
"""Waits until all that a client was to send has come."""


def python_client(vendor: str, host: str, key: str) -> None:
    """Run a Python client to its end."""
    _run(sys.executable, HERE / "python" / "send.py", vendor, host, key)


def node_client(vendor: str, host: str, key: str) -> None:
    """Run a Node.js client to its end."""
    _run(_found("node"), HERE / "node" / f"{vendor}.mjs", host, key)


def go_client(host: str, key: str) -> None:
    """Build Segment's Go client, and run it to its end."""
    _run(_found("go"), "run", ".", host, key, folder=HERE / "go")


def java_client(host: str, key: str, until: Until) -> None:
    """Run Segment's Java client until all that it sends has come."""
    _run_java("send_java.py", until, host, key, _jars())


def kotlin_client(host: str, key: str, trust_store: Path, until: Until) -> None:
    """Run Segment's Kotlin client until all that it sends has come."""
    _run_java("send_kotlin.py", until, host, key, _jars(), trust_store)


def browser_client_files() -> dict[str, bytes | Path]:
    """Return the pages of the browser clients, and their bundles, by URL path."""
    packages = HERE / "node" / "node_modules"
    segment = packages / "@segment" / "analytics-next" / "dist" / "umd"
    rudderstack = packages / "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js"
    return {
        **{f"/{page.name}": page for page in (HERE / "browser").iterdir()},
        **{f"/analytics-next/{file.name}": file for file in segment.glob("*.js")},
        "/rudder-sdk-js/index.js": rudderstack,
    }


def _jars() -> Path:
    folder = Cache.from_environment(os.environ).root / "client-jars"
    jars.fetch(folder, print, client_jars())
    return folder


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed, and a client needs it")
    return path


def _run(*command: str | Path, folder: Path | None = None) -> None:
    subprocess.run(command, check=True, timeout=SECONDS, cwd=folder)


def _run_java(script: str, until: Until, *arguments: str | Path) -> None:
    command = [sys.executable, HERE / "java" / script, *arguments]
    path = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=path) as process:
        until()
        process.communicate(timeout=SECONDS)
    assert process.returncode == 0
