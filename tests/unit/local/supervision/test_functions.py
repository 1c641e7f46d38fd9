"""Functions invoked in processes of their own, under AWS's own runtime client; small ones."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from eventually import eventually
from headwater_local.data_dir import DataDir
from headwater_local.errors import NotRunningError
from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_local.ports import Ports
from headwater_local.supervision.functions import invoke, invoke_once
from headwater_local.supervision.part_commands import maintenance
from headwater_local.supervision.processes import Command
from headwater_local.supervision.run import MAINTENANCE

ANSWERS = """
import json, os, subprocess, sys

def handler(event, context):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print("some words")
    print(json.dumps({"message": "progress", "done": 1}))
    left = context.get_remaining_time_in_millis()
    return {"asked": event, "left": left, "pids": [os.getpid(), child.pid]}
"""

FAILS = """
def handler(event, context):
    raise ValueError("a table is broken")
"""

HOLDS_A_LEASE = """
import pathlib, time

def handler(event, context):
    try:
        print('{"message": "works"}', flush=True)
        time.sleep(600)
    finally:
        pathlib.Path(event["file"]).write_text("given back")
"""


def command(folder: Path, function: str) -> Command:
    (folder / "app.py").write_text(function)
    settings = {
        "PYTHONPATH": str(folder),
        "PYTHONUNBUFFERED": "1",
        "AWS_LAMBDA_FUNCTION_NAME": "headwater-maintenance",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    }
    arguments = (sys.executable, "-m", "awslambdaric", "app.handler")
    return Command(MAINTENANCE, arguments, {**os.environ, **settings})


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_returns_the_answer_and_tells_what_the_log_says(tmp_path: Path) -> None:
    told: list[Mapping[str, Any]] = []
    log = tmp_path / "maintenance.log"

    answer = invoke_once(command(tmp_path, ANSWERS), {"steps": ["expiry"]}, log, told.append)

    assert answer["asked"] == {"steps": ["expiry"]}
    assert 0 < answer["left"] <= 900_000
    assert told == [{"message": "progress", "done": 1}]
    assert log.read_text().startswith("some words\n")


def test_leaves_no_process_behind(tmp_path: Path) -> None:
    answer = invoke_once(command(tmp_path, ANSWERS), {}, tmp_path / "log", lambda _record: None)

    eventually(lambda: all(map(is_gone, answer["pids"])))


@pytest.mark.parametrize(
    ("function", "error"),
    [(FAILS, "ValueError: a table is broken"), ("raise SystemExit(1)", "before it was ready")],
    ids=["raises", "cannot start"],
)
def test_says_why_a_function_failed(tmp_path: Path, function: str, error: str) -> None:
    with pytest.raises(FunctionError, match=error):
        invoke_once(command(tmp_path, function), {}, tmp_path / "log", lambda _record: None)


def test_lets_an_interrupted_function_give_its_lease_back(tmp_path: Path) -> None:
    file = tmp_path / "lease"

    def interrupt(record: Mapping[str, Any]) -> None:
        if record == {"message": "works"}:
            os.kill(os.getpid(), 2)

    with pytest.raises(KeyboardInterrupt):
        invoke_once(
            command(tmp_path, HOLDS_A_LEASE), {"file": str(file)}, tmp_path / "log", interrupt
        )

    assert file.read_text() == "given back"


def test_needs_a_run_that_answers(data_dir: DataDir) -> None:
    data_dir.announce(Ports(aws=1))

    with pytest.raises(NotRunningError):
        invoke(data_dir, maintenance, {}, lambda _record: None)
