"""Builds what a release carries, but for the images (release-image.sh).

To be run in a checkout of the tag, as `release.py --tag v1.2.3 --output FOLDER`. Zips and bundles
have the same bytes on every machine, so that anybody can build them again and compare.
"""

# ruff: noqa: INP001 -- a script, in no package

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
ARCHITECTURES = ("arm64", "x86_64")
PACKAGES = {"api": "api", "sinks": "sinks", "reports": "reports", "cluster": "spark_writer"}
"""The zips, and the package below `lambdas` that each is built of."""

BUNDLES = ("headwater.js", "headwater.mjs", "headwater-web-vitals.js", "headwater-errors.js")

MODULE = (
    ".dockerignore",
    "LICENSE",
    "browser-sdk/dist",
    "lambdas",
    "local/pyproject.toml",
    "local/src/headwater_local/ministack/aws_stand_in.txt",
    "local/src/headwater_local/website/demo",
    "pyproject.toml",
    "reports/dist",
    "requirements-build.txt",
    "requirements-uv.txt",
    "requirements.txt",
    "terraform",
)
"""What an apply needs of the repository: the modules, and what they build."""


class ReleaseError(Exception):
    """There can be no release; the text says what to do."""


def release(root: Path, tag: str, output: Path) -> None:
    """Put a release's files into a folder.

    Raises:
        ReleaseError: the sources are not of the tag's version.
    """
    version = version_of(root, tag)
    output.mkdir(parents=True, exist_ok=True)
    for architecture in ARCHITECTURES:
        for name, package in PACKAGES.items():
            zip_file = output / f"headwater-{name}-{version}-{architecture}.zip"
            build_zip(root, package, architecture, zip_file)
    for bundle in BUNDLES:
        stem, kind = bundle.split(".")
        shutil.copy(root / "browser-sdk" / "dist" / bundle, output / f"{stem}-{version}.{kind}")
    archive(root, version, output / f"headwater-terraform-{version}.tar.gz")


def version_of(root: Path, tag: str) -> str:
    """Return the version that a tag names, if all sources say it.

    Raises:
        ReleaseError: one says another, or the changelog lacks a section for it.
    """
    others = [f"{name} says {said}" for name, said in stated_versions(root) if f"v{said}" != tag]
    if others:
        raise ReleaseError(
            f"the tag is {tag}, but {', '.join(others)}: set it, and tag that commit."
        )
    version = tag.removeprefix("v")
    heading = rf"(?m)^## \[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}$"
    if not re.search(heading, (root / "CHANGELOG.md").read_text()):
        raise ReleaseError(f"CHANGELOG.md lacks a `## [{version}] - YYYY-MM-DD`: write it.")
    return version


def stated_versions(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each file that states the version, and what it says."""
    for file in sorted([root / "pyproject.toml", *root.glob("*/pyproject.toml")]):
        yield str(file.relative_to(root)), tomllib.loads(file.read_text())["project"]["version"]
    for file in sorted(root.glob("lambdas/*/pyproject.toml")):
        yield str(file.relative_to(root)), tomllib.loads(file.read_text())["project"]["version"]
    sdk = root / "browser-sdk" / "package.json"
    yield str(sdk.relative_to(root)), json.loads(sdk.read_text())["version"]


def build_zip(root: Path, package: str, architecture: str, output: Path) -> None:
    """Build the zip of a package below `lambdas` as an apply does."""
    tool = root / "terraform" / "modules" / "artifacts" / "tools" / "lambda_zip.py"
    source = ("--source-root", root, "--package", package)
    options = (*source, "--architecture", architecture, "--output", output)
    subprocess.run([sys.executable, tool, *options], check=True)


def archive(root: Path, version: str, output: Path) -> None:
    """Pack the Terraform module as it is committed, in a folder named after the version."""
    prefix = f"--prefix=headwater-{version}/"
    command = ("git", "archive", "--format=tar.gz", prefix, f"--output={output}", "HEAD", *MODULE)
    subprocess.run(command, cwd=root, check=True)


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description="Build a release's files.")
    parser.add_argument("--tag", required=True, help="like v1.2.3")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        release(REPOSITORY, arguments.tag, arguments.output.resolve())
    except ReleaseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
