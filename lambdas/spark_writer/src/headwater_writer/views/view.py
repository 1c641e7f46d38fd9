"""A view as Athena keeps one in Glue: SQL, and the columns that it had when it was made. Pure.

Athena refuses a view whose query has more columns than the view, or others ("Considerations and
limitations for Athena views", Athena user guide). So a view here selects its columns by name: a
column that is added to a table changes nothing until the view is made again.
"""

import base64
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import TableInputTypeDef

KIND: Final = "VIRTUAL_VIEW"
"""The type of table that Glue takes a view for."""

Columns = Mapping[str, str]
"""The names of columns, in order, and their types by Glue's names."""

_HEADER: Final = re.compile(r"^-- Columns: (.*(?:\n--   .*)*)", re.MULTILINE)
_CATALOG: Final = "awsdatacatalog"
"""Athena's name for Glue's catalog of the account."""


class ViewError(Exception):
    """A view cannot be made; the text says why, and what to do."""


def columns_of(sql: str, tables: Mapping[str, Columns]) -> Columns:
    """Return the columns that the header of a view's SQL lists.

    Each is ``name type``, or ``table.*`` for all of a table's.

    Raises:
        ViewError: it lists none.
    """
    header = _HEADER.search(sql)
    if header is None:
        raise ViewError("its SQL lists no columns: add `-- Columns: name type, …` to its header")
    columns: dict[str, str] = {}
    for each in header[1].replace("\n--", " ").removesuffix(".").split(","):
        name, _, kind = each.strip().partition(" ")
        columns |= tables[name.removesuffix(".*")] if name.endswith(".*") else {name: kind}
    return columns


def table_input(name: str, sql: str, columns: Columns, database: str) -> "TableInputTypeDef":
    """Return what Glue is to hold for a view.

    The form is that of the views which Athena makes; Trino reads and writes it too
    (``ViewReaderUtil`` of its Hive plugin, ``ConnectorViewDefinition`` of its SPI).
    """
    return {
        "Name": name,
        "Owner": "headwater",
        "TableType": KIND,
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "StorageDescriptor": {
            "Columns": [{"Name": each, "Type": kind} for each, kind in columns.items()],
            # Athena refuses a view without one (hashicorp/terraform-provider-aws#28517).
            "SerdeInfo": {"Name": "-", "SerializationLibrary": "-"},
        },
        "PartitionKeys": [],
        "ViewOriginalText": _encoded(_definition(sql, columns, database)),
        "ViewExpandedText": "/* Presto View */",
    }


def is_as_wanted(held: Mapping[str, Any], wanted: "TableInputTypeDef") -> bool:
    """Return whether a view that Glue holds is what it is to hold."""
    return all(held.get(key) == wanted.get(key) for key in ("Parameters", "ViewOriginalText"))


def _definition(sql: str, columns: Columns, database: str) -> Mapping[str, Any]:
    names = ", ".join(f'"{name}"' for name in columns)
    return {
        "originalSql": f"SELECT {names} FROM (\n{sql.strip()}\n)",  # noqa: S608 -- ours
        "catalog": _CATALOG,
        "schema": database,
        "columns": [{"name": name, "type": _in_athena(kind)} for name, kind in columns.items()],
    }


def _encoded(definition: Mapping[str, Any]) -> str:
    text = base64.b64encode(json.dumps(definition).encode()).decode()
    return f"/* Presto View: {text} */"


_NAMES: Final = {
    "string": "varchar",
    "int": "integer",
    "float": "real",
    "binary": "varbinary",
    "timestamp": "timestamp(6)",
    "struct": "row",
}
"""Athena's names of types that Glue calls otherwise; an Iceberg timestamp has microseconds."""


def _in_athena(kind: str) -> str:
    named = re.sub(r"\w+", lambda word: _NAMES.get(word[0], word[0]), kind)
    return named.translate(str.maketrans("<>:", "() "))
