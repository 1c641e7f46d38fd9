"""What a client sent in a form that nothing here reads: counted, so that a new form is seen."""

from collections.abc import Mapping, Sequence
from typing import Any

from headwater_contract.context import Context, Page
from headwater_contract.fields import CHANNELS
from headwater_contract.ip_policy import ip_by_policy


def unread(
    context: Context, page: Page, misfits: Sequence[str], event: Mapping[str, Any]
) -> Sequence[str]:
    """Return the names of a context's fields that hold something from which no column was filled.

    ``misfits`` are those that hold another kind of value than they should; ``event`` is the row.
    """
    found = list(misfits)
    if context.channel and context.channel not in CHANNELS:
        found.append("channel")
    if context.consent and event["consent"] is None:
        found.append("consent")
    if context.ip and context.ip.strip() and ip_by_policy(context.ip, "full") is None:
        found.append("ip")
    if context.locale and event["locale"] is None:
        found.append("locale")
    if page.url and event["host"] is None and event["path"] is None:
        found.append("page.url")
    if context.user_agent and event["device_type"] == "other":
        found.append("userAgent")
    return found
