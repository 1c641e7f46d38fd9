"""An event's properties, promoted to the columns of the tracking plan."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from headwater_contract.message import decode_members
from headwater_contract.undecodable import UNDECODABLE
from headwater_writer.rows.message import UnshapeableError
from headwater_writer.rows.values import described, typed
from headwater_writer.tracking_plan.plan import Property, TrackingPlan

_decode = msgspec.json.Decoder().decode


class MismatchError(UnshapeableError):
    """Properties do not match the tracking plan; the text has names and types, never values."""

    stage: ClassVar[str] = "plan"


def promoted(plan: TrackingPlan, event_type: str, properties: str | None) -> Mapping[str, Any]:
    """Return the columns of the plan for an event: those of its properties that match.

    ``properties`` is the JSON text of an object, or None.

    Raises:
        MismatchError: a property has another type or is missing, and the plan says ``fail``.
    """
    planned = plan.events.get(event_type)
    if planned is None:
        return {}
    sent = _fields(properties)
    columns: dict[str, Any] = {}
    mismatches = []
    for wanted in planned.properties:
        try:
            columns[wanted.column] = _value(wanted, sent.get(wanted.key))
        except MismatchError as mismatch:
            mismatches.append(f"{event_type}.{wanted.key} {mismatch}")
    if mismatches and planned.on_mismatch == "fail":
        raise MismatchError("; ".join(mismatches))
    return columns


def _fields(properties: str | None) -> Mapping[str, msgspec.Raw]:
    try:
        return decode_members(properties) if properties else {}
    except UNDECODABLE:
        return {}


def _value(wanted: Property, raw: msgspec.Raw | None) -> Any:  # noqa: ANN401 -- as its type says
    try:
        sent = None if raw is None else _decode(raw)
    except UNDECODABLE as error:
        raise MismatchError(f"cannot be read as a {wanted.type}") from error
    if sent is None:
        if wanted.required:
            raise MismatchError("is missing")
        return None
    value = typed(sent, wanted.type)
    if value is None:
        raise MismatchError(f"must be a {wanted.type} and is {described(sent, wanted.type)}")
    return value
