"""An image's tag goes from A to B and back to A, on a registry that takes no tag a second time.

The scripts are those of an apply, and so is the engine; the Dockerfile is as small as can be.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import pytest

from terraform.command import REPOSITORY

TOOLS: Final = REPOSITORY / "terraform" / "modules" / "artifacts" / "tools"
DOCKERFILE: Final = "FROM scratch\nCOPY content /\n"

BROKEN: Final = "#!/bin/sh\nexit 1\n"

# The registry of this test has no certificate.
BUILDAH: Final = """#!/bin/sh
command=$1
shift
case $command in login | push) set -- --tls-verify=false "$@" ;; esac
exec {buildah} "$command" "$@"
"""

pytestmark = [
    pytest.mark.on_request,
    pytest.mark.skipif(shutil.which("buildah") is None, reason="buildah: `make image-tools`"),
]


class ImmutableRegistry(ThreadingHTTPServer):
    """What of OCI's distribution specification a push needs; a tag is taken once, as ECR has it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.blobs: set[str] = set()
        self.manifests: dict[str, bytes] = {}
        self.pushed: list[str] = []

    @property
    def host(self) -> str:
        """Its address, as an image's name has it."""
        return f"127.0.0.1:{self.server_port}"


class _Requests(BaseHTTPRequestHandler):
    server: ImmutableRegistry

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the parent's name
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(HTTPStatus.OK)

    def do_HEAD(self) -> None:
        name = self.path.rpartition("/")[2]
        is_there = name in self.server.blobs or name in self.server.manifests
        self._answer(HTTPStatus.OK if is_there else HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        self._answer(HTTPStatus.ACCEPTED, location=f"{self.path}upload")

    def do_PATCH(self) -> None:
        self._body()
        self._answer(HTTPStatus.ACCEPTED, location=self.path)

    def do_PUT(self) -> None:
        body = self._body()
        if "digest=" in self.path:
            self.server.blobs.add(self.path.partition("digest=")[2].replace("%3A", ":"))
            self._answer(HTTPStatus.CREATED)
            return
        tag = self.path.rpartition("/")[2]
        if tag in self.server.manifests:
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        self.server.manifests[tag] = body
        self.server.pushed.append(tag)
        self._answer(HTTPStatus.CREATED)

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, status: HTTPStatus, location: str | None = None) -> None:
        self.send_response(status)
        if location:
            self.send_header("location", location)
        self.send_header("content-length", "0")
        self.end_headers()


@pytest.fixture
def registry() -> Iterator[ImmutableRegistry]:
    with ImmutableRegistry() as server:
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


class Apply:
    """What an apply does of an image, one step after the other."""

    def __init__(self, registry: ImmutableRegistry, folder: Path) -> None:
        self._registry = registry
        self._sources = folder / "sources"
        self._note = folder / "pushed"
        buildah = BUILDAH.format(buildah=shutil.which("buildah"))
        for engine, script in {
            "docker": "#!/bin/sh\nexit 1\n",
            "podman": "#!/bin/sh\nexit 1\n",
            "buildah": buildah,
        }.items():
            (folder / engine).write_text(script)
            (folder / engine).chmod(0o755)
        self._environment = {
            **os.environ,
            "PATH": f"{folder}:{os.environ['PATH']}",
            "BUILDAH_ISOLATION": "chroot",
            "REGISTRY_AUTH_FILE": str(folder / "auth.json"),
            "REGISTRY_USER": "AWS",
            "REGISTRY_PASSWORD": "secret",
        }

    def image(self, content: str) -> None:
        """Make the image of some content, named after it."""
        self._sources.mkdir(exist_ok=True)
        (self._sources / "Dockerfile").write_text(DOCKERFILE)
        (self._sources / "content").write_text(content)
        image = f"{self._registry.host}/sample-writer:{content}"
        self._run(sys.executable, TOOLS / "image_is_pushed.py", image, self._note)
        if not self._note.exists():
            build = ("sh", TOOLS / "build_image.sh", self._sources, "Dockerfile")
            self._run(*build, image, "linux/amd64")
            self._run("sh", TOOLS / "push_image.sh", image)
            self._run("buildah", "rmi", image)

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(
            command, env=self._environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_tag_that_is_there_is_not_pushed_again(
    registry: ImmutableRegistry, tmp_path: Path
) -> None:
    apply = Apply(registry, tmp_path)

    for content in ("a", "b", "a"):
        apply.image(content)

    assert registry.pushed == ["a", "b"]
