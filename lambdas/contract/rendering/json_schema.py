"""A message as JSON Schema (draft 2020-12), for editors, code generators and other validators.

It cannot say the size of a message or which texts are date-times, and it is stricter inside the
context, of which the collector takes anything: what is not as described there fills no column.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from headwater_contract.fields import (
    CONTEXT_FIELDS,
    MESSAGE_FIELDS,
    MESSAGE_TYPES,
    Field,
    Kind,
    MessageType,
)
from headwater_contract.limits import MAX_MESSAGE_BYTES
from rendering.requirements import needed_fields

_TYPES: Final[dict[Kind, list[str]]] = {
    "string": ["string", "null"],
    "id": ["string", "integer", "null"],
    "time": ["string", "null"],
    "number": ["number", "null"],
    "object": ["object", "null"],
}


def render() -> str:
    """Return the schema as indented JSON text."""
    return json.dumps(_schema(), indent=2) + "\n"


def _schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A message of Headwater's HTTP API",
        "description": f"At most {MAX_MESSAGE_BYTES} bytes of JSON text. Times are ISO 8601 "
        "date-times, UTC where they have no offset. An empty text counts as absent.",
        **_object(MESSAGE_FIELDS),
        "required": ["type"],
        "allOf": [_rule(message_type) for message_type in MESSAGE_TYPES],
    }


def _object(fields: Sequence[Field]) -> dict[str, Any]:
    return {"type": "object", "properties": {field.name: _property(field) for field in fields}}


def _property(field: Field) -> dict[str, Any]:
    if field in MESSAGE_FIELDS and field.name == "type":
        return {"description": field.meaning, "enum": list(MESSAGE_TYPES)}
    fields = CONTEXT_FIELDS if field.name == "context" else field.fields
    nested = _object(fields) if fields else {}
    return {"description": field.meaning, **nested, "type": _TYPES[field.kind]}


def _rule(message_type: MessageType) -> dict[str, Any]:
    is_of_type = {"properties": {"type": {"const": message_type}}}
    needs = [{"anyOf": [_present(name) for name in group]} for group in needed_fields(message_type)]
    return {"if": is_of_type, "then": {"allOf": needs}}


def _present(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"not": {"enum": [None, ""]}}}}
