"""Fetches the pinned jars that Spark needs beside its own, each checked by its digest.

Needs nothing but Python. What is there already stays.
"""

# ruff: noqa: INP001 -- a script, in no package

import argparse
import hashlib
import shutil
import sys
import tempfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = "https://repo.maven.apache.org/maven2"


class FetchError(Exception):
    """A jar could not be fetched, or is not the pinned one; the text says what to do."""


def fetch(pins: Path, output: Path, repository: str) -> None:
    """Put the jars that a `jars.toml` pins into a folder.

    Raises:
        FetchError: a download failed, or has another digest than the pinned one.
    """
    output.mkdir(parents=True, exist_ok=True)
    for jar in tomllib.loads(pins.read_text())["jar"]:
        file = output / f"{jar['name']}-{jar['version']}.jar"
        if not file.exists():
            _download(jar, f"{repository}/{_path(jar, file.name)}", file)


def _path(jar: Mapping[str, str], file_name: str) -> str:
    """Return where a Maven repository has a jar."""
    return "/".join([*jar["group"].split("."), jar["name"], jar["version"], file_name])


def _download(jar: Mapping[str, str], url: str, file: Path) -> None:
    print(f"downloading {file.name}", flush=True)  # noqa: T201 -- an apply shows it
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as draft:
        try:
            with urllib.request.urlopen(url, timeout=60) as response:  # noqa: S310 -- it is ours
                shutil.copyfileobj(response, draft)
        except (urllib.error.URLError, OSError) as error:
            Path(draft.name).unlink()
            raise FetchError(
                f"{url} could not be downloaded: {error}. Check the network and apply again, or "
                "name ready jars in `prebuilt.cluster_jars`."
            ) from error
    with Path(draft.name).open("rb") as downloaded:
        digest = hashlib.file_digest(downloaded, "sha256").hexdigest()
    if digest != jar["sha256"]:
        Path(draft.name).unlink()
        raise FetchError(
            f"{url} has digest {digest}, not the pinned {jar['sha256']}: something on the way "
            "changed it. Apply again; if that repeats, name ready jars in `prebuilt.cluster_jars`."
        )
    Path(draft.name).replace(file)


def main() -> None:
    """Fetch what the command line asks for."""
    parser = argparse.ArgumentParser(description="Fetch the pinned jars for Spark.")
    parser.add_argument("--pins", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        fetch(arguments.pins, arguments.output, REPOSITORY)
    except FetchError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
