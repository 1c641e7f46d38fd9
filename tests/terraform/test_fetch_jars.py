"""The cluster's jars are fetched once, and none is used that is not the pinned one."""

import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from terraform.command import REPOSITORY

TOOL = REPOSITORY / "terraform" / "modules" / "artifacts" / "tools" / "fetch_jars.py"
PINS = """
[[jar]]
group = "org.example"
name = "it"
version = "1.2"
sha256 = "{digest}"
"""


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch_jars", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def jar(tmp_path: Path) -> Path:
    """A jar in a Maven repository, which is a folder."""
    jar = tmp_path / "maven" / "org" / "example" / "it" / "1.2" / "it-1.2.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(b"jar")
    return jar


def pins(folder: Path, content: bytes) -> Path:
    file = folder / "jars.toml"
    file.write_text(PINS.format(digest=hashlib.sha256(content).hexdigest()))
    return file


def test_fetches_what_is_pinned_once(tool: ModuleType, tmp_path: Path, jar: Path) -> None:
    repository, output = (tmp_path / "maven").as_uri(), tmp_path / "jars"

    tool.fetch(pins(tmp_path, b"jar"), output, repository)
    jar.unlink()
    tool.fetch(pins(tmp_path, b"jar"), output, repository)

    assert [(file.name, file.read_bytes()) for file in output.iterdir()] == [("it-1.2.jar", b"jar")]


def test_keeps_nothing_that_was_changed_on_the_way(
    tool: ModuleType, tmp_path: Path, jar: Path
) -> None:
    jar.write_bytes(b"another")

    with pytest.raises(tool.FetchError, match="not the pinned"):
        tool.fetch(pins(tmp_path, b"jar"), tmp_path / "jars", (tmp_path / "maven").as_uri())

    assert [*(tmp_path / "jars").iterdir()] == []


def test_says_what_to_do_where_a_download_fails(tool: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(tool.FetchError, match="name ready jars"):
        tool.fetch(pins(tmp_path, b"jar"), tmp_path / "jars", (tmp_path / "nowhere").as_uri())

    assert [*(tmp_path / "jars").iterdir()] == []


def test_terraform_names_the_jars_as_they_are_fetched() -> None:
    main_tf = (TOOL.parents[1] / "main.tf").read_text()

    assert '"${path.module}/build/jars/${jar[0]}-${jar[1]}.jar"' in main_tf
    assert "{jar['name']}-{jar['version']}.jar" in TOOL.read_text()
