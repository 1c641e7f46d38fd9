"""The messages and their limits as TypeScript, for the browser SDK."""

from collections.abc import Iterator, Sequence
from typing import Final

from headwater_contract.fields import (
    CONTEXT_FIELDS,
    MESSAGE_FIELDS,
    MESSAGE_TYPES,
    Field,
    Kind,
    MessageType,
)
from headwater_contract.limits import MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES
from rendering.requirements import needed_fields

_TYPES: Final[dict[Kind, str]] = {
    "string": "string",
    "id": "Id",
    "time": "string",
    "number": "number",
    "object": "Record<string, unknown>",
}

_HEAD: Final = f"""\
// Written by `make contract` from lambdas/contract: change it there.

/** One message, as JSON text in UTF-8. */
export const MAX_MESSAGE_BYTES = {MAX_MESSAGE_BYTES:_};

/** One request body. */
export const MAX_REQUEST_BYTES = {MAX_REQUEST_BYTES:_};

/** A whole number is read as text. */
export type Id = string | number;
"""

_ONE_OF: Final = """\
/** Carries at least one of some fields. */
type OneOf<Name extends keyof MessageFields> = {
  [One in Name]: { [Key in One]-?: NonNullable<MessageFields[Key]> };
}[Name];

type MessageOf<Type extends MessageType, Needs> = MessageFields & { type: Type } & Needs;
"""


def render() -> str:
    """Return the module's text, as the SDK's formatter leaves it."""
    alternatives = "".join(f"\n  | {_message_of(message_type)}" for message_type in MESSAGE_TYPES)
    parts = [
        _HEAD,
        f"export type MessageType = {_union(MESSAGE_TYPES)};\n",
        *_nested_interfaces(),
        _interface(
            "Context extends Record<string, unknown>",
            "anything may be in it; these fields are read.",
            CONTEXT_FIELDS,
        ),
        _interface(
            "MessageFields",
            "what a message of any type may hold.",
            [field for field in MESSAGE_FIELDS if field.name != "type"],
        ),
        _ONE_OF,
        f"export type Message ={alternatives};\n",
    ]
    return "\n".join(parts)


def _nested_interfaces() -> Iterator[str]:
    for field in CONTEXT_FIELDS:
        if field.fields:
            yield _interface(_type(field), f"{field.meaning}.", field.fields)


def _interface(name: str, meaning: str, fields: Sequence[Field]) -> str:
    lines = [f"/** {meaning[0].upper()}{meaning[1:]} */", f"export interface {name} {{"]
    for field in fields:
        lines += [f"  /** {field.meaning} */", f"  {field.name}?: {_type(field)} | null;"]
    return "\n".join([*lines, "}", ""])


def _type(field: Field) -> str:
    if field.fields or field.name == "context":
        return field.name.capitalize()
    return _TYPES[field.kind]


def _message_of(message_type: MessageType) -> str:
    needs = [f"OneOf<{_union(group)}>" for group in needed_fields(message_type)]
    return f'MessageOf<"{message_type}", {" & ".join(needs)}>'


def _union(texts: Sequence[str]) -> str:
    return " | ".join(f'"{text}"' for text in texts)
