"""The golden cases, for the tests of every package that claims to follow the contract."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from headwater_collector.gpc import GpcPolicy
from headwater_contract.envelope import Envelope
from headwater_contract.times import parse_time

FOLDER: Final = Path(__file__).parent
BATCH: Final = "/v1/batch"

_USUAL_REQUEST = {
    "received_at": "2026-01-31T13:37:01.000Z",
    "sent_at": "2026-01-31T13:37:00.900Z",
    "app_id": "shop",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One example; README.md beside this file says what its fields mean."""

    name: str
    route: str
    body: bytes
    envelope: Envelope
    rows: Mapping[str, Mapping[str, Any]]
    reason: str
    refused_by: Sequence[str]
    gpc_policy: GpcPolicy | None

    @property
    def message(self) -> object:
        return json.loads(self.body)

    def __str__(self) -> str:
        return self.name


def accepted() -> list[Case]:
    return _cases("accepted")


def rejected() -> list[Case]:
    return _cases("rejected")


def messages() -> list[Case]:
    """Return the cases, of both kinds, that are messages of the batch route."""
    return [case for case in accepted() + rejected() if case.route == BATCH]


def _cases(folder: str) -> list[Case]:
    return [_read(path) for path in sorted((FOLDER / folder).glob("*.json"))]


def _read(path: Path) -> Case:
    case = json.loads(path.read_text(encoding="utf-8"))
    return Case(
        name=path.stem,
        route=case.get("route", BATCH),
        body=_body(case),
        envelope=_envelope(_USUAL_REQUEST | case.get("envelope", {})),
        rows=case.get("rows", {}),
        reason=case.get("reason", ""),
        refused_by=case.get("refused_by", ()),
        gpc_policy=case.get("gpc_policy"),
    )


def _body(case: Mapping[str, Any]) -> bytes:
    text = case.get("body") or json.dumps(case["message"], ensure_ascii=False)
    return str(text).encode()


def _envelope(fields: dict[str, Any]) -> Envelope:
    sent_at = fields.pop("sent_at")
    return Envelope(
        received_at=parse_time(fields.pop("received_at")),
        sent_at=parse_time(sent_at) if sent_at else None,
        **fields,
    )
