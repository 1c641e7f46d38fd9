"""A real Prometheus that reads a site's ``/metrics``, where one is installed."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from eventually import eventually
from free_ports import free_port

IS_INSTALLED = bool(shutil.which("prometheus") and shutil.which("promtool"))


@contextmanager
def prometheus_reading(
    target: str,
    folder: Path,
    *,
    seconds: int = 1,
    rules: Sequence[Path] = (),
    relabels: Sequence[Mapping[str, Any]] = (),
) -> Iterator[httpx.Client]:
    """Let a Prometheus read ``host:port`` every few seconds; yield a client of its API.

    It has read twice by then. What it keeps is in the folder, which exists. ``relabels`` are its
    ``metric_relabel_configs``.
    """
    config, port = folder / "prometheus.yml", free_port()
    scrape = {
        "job_name": "headwater",
        "static_configs": [{"targets": [target]}],
        "metric_relabel_configs": relabels,
    }
    settings = {
        "global": {"scrape_interval": f"{seconds}s"},
        "rule_files": [str(file) for file in rules],
        "scrape_configs": [scrape],
    }
    config.write_text(json.dumps(settings))  # JSON is YAML too.
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False, timeout=60
        ) as client:
            eventually(lambda: _has_read(client), 60)
            yield client
    finally:
        process.terminate()
        process.wait(30)


def _has_read(client: httpx.Client) -> bool:
    try:
        found = client.get("/query", params={"query": "count_over_time(up[1m]) >= 2"}).json()
    except (httpx.TransportError, ValueError):
        return False
    return bool(found.get("data", {}).get("result"))
