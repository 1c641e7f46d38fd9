"""What ``terraform output -json`` prints of a stack's configuration."""

from typing import Any, NoReturn, TypeVar

import msgspec

from headwater_local.errors import OutputsError

T = TypeVar("T")


class Output(msgspec.Struct):
    """One output."""

    value: Any


class Outputs(dict[str, Any]):
    """Values of a configuration's outputs, by their names; Terraform leaves out what is null."""

    def __missing__(self, name: str) -> NoReturn:
        raise OutputsError(f"The outputs have no `{name}`: give them as sample/outputs.tf does.")


def outputs_of(document: bytes) -> Outputs:
    """Return the outputs in a document; a missing one is refused when it is read.

    Raises:
        OutputsError: it is not such a document.
    """
    try:
        found = msgspec.json.decode(document, type=dict[str, Output])
    except msgspec.DecodeError as error:
        raise _unreadable(error) from error
    return Outputs({name: output.value for name, output in found.items()})


def optional(outputs: Outputs, name: str, kind: type[T]) -> T | None:
    """Return an output of a stack that has such a thing, else None.

    Raises:
        OutputsError: it has another shape.
    """
    try:
        return msgspec.convert(outputs.get(name), kind | None)
    except msgspec.ValidationError as error:
        raise _unreadable(error) from error


def _unreadable(error: msgspec.DecodeError) -> OutputsError:
    return OutputsError(
        f"The outputs cannot be read ({error}): give what `terraform output -json` prints."
    )
