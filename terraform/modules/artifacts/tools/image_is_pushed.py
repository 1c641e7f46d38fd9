"""Note whether a registry has an image's tag.

Run `image_is_pushed.py IMAGE NOTE` with credentials in REGISTRY_USER and REGISTRY_PASSWORD. NOTE is
a file that exists afterwards if the tag does: it is neither built nor pushed again then. The tag
names everything that the image is built from, and a registry of immutable tags, as ours on ECR is,
refuses a second push.

By "Checking if content exists in the registry" of OCI's distribution specification.
"""

# ruff: noqa: INP001 -- a script, in no package

import base64
import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


class RegistryError(Exception):
    """The registry did not say whether it has the tag."""


def is_pushed(image: str, user: str, password: str) -> bool:
    """Ask the registry.

    Raises:
        RegistryError: it answers neither yes nor no.
        OSError: it does not answer.
    """
    host, _, rest = image.partition("/")
    repository, _, tag = rest.rpartition(":")
    # As container engines have it: a registry of this machine needs no TLS.
    connect = HTTPConnection if host.startswith("127.0.0.1:") else HTTPSConnection
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    headers = {"authorization": f"Basic {credentials}", "accept": ", ".join(MANIFESTS)}
    connection = connect(host, timeout=60)
    connection.request("HEAD", f"/v2/{repository}/manifests/{tag}", headers=headers)
    status = connection.getresponse().status
    if status not in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
        raise RegistryError(f"{host} answers {status} when it is asked for {image}")
    return status == HTTPStatus.OK


def main() -> None:
    """Write or remove the note."""
    image, note = sys.argv[1], Path(sys.argv[2])
    note.parent.mkdir(parents=True, exist_ok=True)
    if is_pushed(image, os.environ["REGISTRY_USER"], os.environ["REGISTRY_PASSWORD"]):
        note.touch()
    else:
        note.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
