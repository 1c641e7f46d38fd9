"""The AWS stand-in: ministack in an environment of its own.

It pins botocore exactly, so it cannot share ours. The environment is made
once for each set of pins, in the cache folder, with uv.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import httpx

from headwater_local import names
from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import InstallError
from headwater_local.files import require_free_space

INSTALLED_BYTES = 300 * 1024**2
"""Space to ask for before an install: the environment takes about half of it."""

SERVICES = ("dynamodb", "glue", "kinesis", "s3", "secretsmanager")
"""What the route and its sinks use. Each more is another way to run code or to fill the disk."""

SERVER = "headwater_local.ministack.server"
"""The module of its process, closed to web pages."""

_SOURCES = Path(__file__).parents[2]
_COMPLETE = ".complete"


def installed_python(cache: Cache) -> Path | None:
    """Return the interpreter of the stand-in's environment, if it was made."""
    home = _home(cache)
    return _python(home) if (home / _COMPLETE).exists() else None


def install(cache: Cache, environment: Mapping[str, str]) -> Path:
    """Make the stand-in's environment unless it is there, and return its interpreter.

    In the process ``environment``, ``UV`` names the uv that runs us.

    Raises:
        DiskFullError: there is too little room for it.
        InstallError: uv is missing, or could not install it.
    """
    cache.stand_ins.mkdir(parents=True, exist_ok=True)
    with _only_one_at_a_time(cache):
        if python := installed_python(cache):
            return python
        require_free_space(cache.root, INSTALLED_BYTES, "the AWS stand-in")
        return _build(_home(cache), _uv(environment))


def command(python: Path) -> tuple[str, ...]:
    """Return the command that runs the stand-in in the foreground."""
    return (str(python), "-m", SERVER)


def server_environment(port: int, state: Path, objects: Path) -> dict[str, str]:
    """Return the settings of a stand-in on loopback that keeps what it holds.

    Objects go to disk as they arrive. The catalog and the stream are saved
    when it is stopped with SIGTERM, and only then (ministack 1.5.33,
    core/persistence.py).
    """
    return {
        "PYTHONPATH": str(_SOURCES),  # The stand-in's environment does not have this package.
        "SERVICES": ",".join(SERVICES),
        "BIND_HOST": names.LOOPBACK,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": names.REGION,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(objects),
        "CLOCK_FILE": str(clock_file(state)),
    }


def clock_file(state: Path) -> Path:
    """Return the file by which a stand-in's clock never goes back, in its folder of state."""
    return state / "clock"


def note_start(data_dir: DataDir) -> bool:
    """Note that a stand-in starts, and return whether the last one failed to save its stream.

    It saves ``kinesis.json`` when it stops gracefully: one that is older than the start of that
    run, or missing, was not saved.
    """
    started, saved = data_dir.aws_started, data_dir.aws_state / "kinesis.json"
    lost = started.exists() and (
        not saved.exists() or saved.stat().st_mtime_ns < started.stat().st_mtime_ns
    )
    started.touch()
    return lost


def is_healthy(endpoint_url: str) -> bool:
    """Tell whether a stand-in answers at the URL."""
    try:
        answer = httpx.get(f"{endpoint_url}/_ministack/health", timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK


def _requirements() -> Path:
    return Path(str(resources.files("headwater_local.ministack") / "aws_stand_in.txt"))


def _home(cache: Cache) -> Path:
    interpreter = f"{sys.implementation.cache_tag}\n".encode()
    digest = hashlib.sha256(interpreter + _requirements().read_bytes()).hexdigest()
    return cache.stand_ins / digest[:16]


def _python(home: Path) -> Path:
    return home / "bin" / "python"


@contextmanager
def _only_one_at_a_time(cache: Cache) -> Iterator[None]:
    with (cache.stand_ins / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _uv(environment: Mapping[str, str]) -> str:
    found = environment.get("UV") or shutil.which("uv")
    if not found:
        raise InstallError(
            "uv was not found, and the AWS stand-in is installed with it: "
            "install uv (https://docs.astral.sh/uv) and retry."
        )
    return found


def _build(home: Path, uv: str) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    python = _python(home)
    requirements = str(_requirements())
    _run(uv, "venv", "--quiet", "--python", sys.executable, str(home))
    _run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), requirements)
    (home / _COMPLETE).touch()
    return python


def _run(*arguments: str) -> None:
    done = subprocess.run(
        arguments, check=False, capture_output=True, text=True, start_new_session=True
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[-500:]
        raise InstallError(
            f"The AWS stand-in could not be installed: `uv {arguments[1]}` printed: {said} "
            "Check the network and retry."
        )
