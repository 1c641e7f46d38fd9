from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from headwater_local.cache import Cache
from headwater_local.data_dir import DataDir
from headwater_local.errors import SettingError
from headwater_local.lambda_service.driver_settings import Settings
from headwater_local.ports import Ports
from headwater_local.supervision import part_commands
from headwater_local.supervision.part_commands import require_settings
from headwater_local.supervision.run import Run
from headwater_writer.settings import Settings as WriterSettings
from headwater_writer.spark import jars


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = {"PATH": "/bin", "WRITE_KEYS": "{}", "AWS_PROFILE": "work", "HTTPS_PROXY": "p"}
    return Run(DataDir.at(tmp_path), Cache(tmp_path / "cache"), Ports(), environment)


def test_no_part_sees_the_users_aws_account_or_proxy(run: Run) -> None:
    environment = part_commands.collector(run).environment

    assert {"AWS_PROFILE", "HTTPS_PROXY"}.isdisjoint(environment)
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert environment["AWS_ACCESS_KEY_ID"] == "headwater"


def test_settings_of_the_handlers_pass_through(run: Run) -> None:
    assert part_commands.collector(run).environment["WRITE_KEYS"] == "{}"


def test_the_driver_is_told_what_it_needs(run: Run) -> None:
    settings = Settings.from_environment(part_commands.driver(run).environment)

    assert settings.mapping.stream_name == "headwater-events"
    assert settings.mapping.on_failure_bucket == "headwater-data"
    assert settings.failed_prefix == "failed_batches/"
    assert settings.runtime_port == run.ports.runtime
    assert settings.data_dir == run.data_dir


def test_clocks_of_all_parts_are_utc() -> None:
    assert part_commands.inherited({"TZ": "Europe/Berlin"})["TZ"] == "UTC"


@pytest.fixture
def prepared(run: Run) -> Run:
    """A run whose directory and jars are there."""
    run.data_dir.prepare()
    run.cache.jars.mkdir(parents=True)
    for jar in jars.pinned_jars():
        (run.cache.jars / jar.file_name).touch()
    return run


def test_the_lake_is_told_how_long_the_stream_keeps_a_record(prepared: Run) -> None:
    settings = WriterSettings.from_environment(part_commands.writer(prepared).environment)

    assert settings.stream_retention == timedelta(days=7)


def test_the_writer_has_the_plan_of_its_run(prepared: Run) -> None:
    prepared.data_dir.keep_tracking_plan(b"version: 1")

    plan = part_commands.writer(prepared).environment["TRACKING_PLAN"]

    assert Path(plan).read_bytes() == b"version: 1"


def test_a_run_without_a_plan_has_none(prepared: Run) -> None:
    prepared.data_dir.keep_tracking_plan(b"version: 1")
    prepared.data_dir.keep_tracking_plan(None)
    elsewhere = replace(
        prepared, environment={**prepared.environment, "TRACKING_PLAN": "/another.yaml"}
    )

    assert part_commands.writer(elsewhere).environment["TRACKING_PLAN"] == ""


def with_settings(folder: Path, **settings: str) -> Run:
    return Run(DataDir.at(folder), Cache(folder / "cache"), Ports(), settings)


def test_takes_settings_before_anything_is_installed(tmp_path: Path) -> None:
    require_settings(
        with_settings(tmp_path, WRITE_KEYS='{"key": "shop"}', MAX_EVENT_AGE_DAYS="3650")
    )


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("WRITE_KEYS", "k1=shop", "WRITE_KEYS is not valid JSON"),
        ("TRUST_CLOUDFRONT", "yes", "true or false"),
        ("GPC_POLICY", "obey", "keep, strip, drop"),
        ("MAX_EVENT_AGE_DAYS", "forever", "whole days from 1 to 3650"),
        ("IP_POLICY", "hashed", "full, truncated, none"),
    ],
)
def test_refuses_what_a_part_could_not_start_with(
    tmp_path: Path, name: str, value: str, remedy: str
) -> None:
    with pytest.raises(SettingError, match=remedy):
        require_settings(with_settings(tmp_path, **{name: value}))
