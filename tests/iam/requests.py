"""Requests as the recording has them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Request:
    """A signed request to AWS; `iam.recording.description` says what each field is."""

    key: str
    region: str
    service: str
    operation: str | None
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    names: Mapping[str, Any]
    status: int


def recorded(file: Path) -> list[Request]:
    """Return the requests of a recording, in order of their answers."""
    return [Request(**json.loads(line)) for line in file.read_text().splitlines()]
