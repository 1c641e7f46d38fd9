"""A tracking plan as TypeScript, for ``createClient<Events>()`` of the browser SDK."""

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headwater_writer.tracking_plan.plan import PlannedEvent, Property, TrackingPlan

_TYPES: Final = {
    "string": "string",
    "long": "number",
    "double": "number",
    "boolean": "boolean",
    "timestamp": "string | Date",
}


def types_of(plan: "TrackingPlan") -> str:
    """Return an interface with the properties of each event; others may be sent as well."""
    events = "".join(
        f"  {json.dumps(name)}: {_of(event)};\n" for name, event in plan.events.items()
    )
    return f"export interface Events {{\n{events}}}\n"


def _of(event: "PlannedEvent") -> str:
    fields = "".join(f"    {_field(each)};\n" for each in event.properties)
    return f"{{\n{fields}    [other: string]: unknown;\n  }}"


def _field(each: "Property") -> str:
    absent = "" if each.required else "?"
    return f"{json.dumps(each.key)}{absent}: {_TYPES[str(each.type)]}"
