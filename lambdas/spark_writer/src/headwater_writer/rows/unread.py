"""What a client sent in a form that nothing here reads: counted, so that a new form is seen."""

from collections.abc import Mapping, Sequence
from typing import Any

from headwater_contract.fields import CHANNELS
from headwater_writer.rows.address import address_of
from headwater_writer.rows.context import Context, Page


def unread(
    context: Context, page: Page, misfits: Sequence[str], event: Mapping[str, Any]
) -> Sequence[str]:
    """Return the names of a context's fields that hold something of which no column was filled.

    ``misfits`` are those that hold another kind of value than they should; ``event`` is the row.
    """
    of_forms = [name for name, is_unread in _forms(context, page, event) if is_unread]
    return [*misfits, *of_forms] if misfits else of_forms


def _forms(context: Context, page: Page, event: Mapping[str, Any]) -> Sequence[tuple[str, bool]]:
    return (
        ("channel", bool(context.channel) and context.channel not in CHANNELS),
        ("consent", bool(context.consent) and event["consent"] is None),
        ("ip", _holds_no_address(context.ip)),
        ("locale", bool(context.locale) and event["locale"] is None),
        ("page.url", bool(page.url) and event["host"] is None and event["path"] is None),
        ("userAgent", bool(context.user_agent) and event["device_type"] == "other"),
    )


def _holds_no_address(ip: str | None) -> bool:
    return ip is not None and ip.strip() != "" and address_of(ip) is None
