"""What is kept of a request that a browser sends under Global Privacy Control.

Its header ``Sec-GPC: 1`` says that the visitor does not want to be tracked (W3C, "Global Privacy
Control"). The deployer decides what that means here; the browser SDK does by itself what ``strip``
does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, TypeAlias, get_args

import msgspec

from headwater_collector.validation import Validation
from headwater_contract.address_headers import ADDRESS_HEADERS
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.message import ABSENT, decode_members, id_text
from headwater_contract.undecodable import UNDECODABLE

GpcPolicy: TypeAlias = Literal["keep", "strip", "drop"]
GPC_POLICIES: Final = get_args(GpcPolicy)

_Members: TypeAlias = Mapping[str, msgspec.Raw]

_JOINS_IDS: Final = frozenset({"identify", "alias"})
_PERSON: Final = frozenset(
    {"userId", "previousId", "traits", "ip"}
    # What ManyMetrics' SDK calls them, in a body that was refused.
    | {"user_id", "prev_user_id", "new_user_id", "session_id"}
)
_PERSON_IN_CONTEXT: Final = frozenset({"ip", "traits", "externalId", "externalIds"})
_VISIT: Final = frozenset({"sessionId", "sessionNumber"})
_HEADERS: Final = ADDRESS_HEADERS | {"cookie"}
_MAX_ID_CHARACTERS: Final = 255

_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_id: Final = msgspec.json.Decoder(str | int | None).decode
_encode: Final = msgspec.json.Encoder().encode


def by_policy(
    policy: GpcPolicy, envelope: Envelope, validations: Sequence[Validation]
) -> tuple[Envelope, Sequence[Validation]]:
    """Return what is put on the stream of a request under Global Privacy Control.

    - ``keep``: everything.
    - ``strip``: no address, and no id that lasts longer than a page. Calls that only join ids are
      left out.
    - ``drop``: nothing.
    """
    said = replace(envelope, gpc=True)
    if policy == "keep":
        return said, validations
    if policy == "drop":
        return said, ()
    shared = _object(envelope.context)
    kept = [each for each in validations if each.refusal or not _joins_ids(each)]
    return _strip_envelope(said, shared), [_strip(each, shared) for each in kept]


def _joins_ids(validation: Validation) -> bool:
    return validation.entry.message_type in _JOINS_IDS


def _strip_envelope(envelope: Envelope, shared: _Members) -> Envelope:
    headers = {
        kind: {name: text for name, text in captured.items() if name not in _HEADERS}
        for kind, captured in envelope.headers.items()
    }
    context = _encode(_strip_context(shared, shared)).decode() if shared else None
    return replace(envelope, ip=None, headers=headers, context=context)


def _strip(validation: Validation, shared: _Members) -> Validation:
    entry = validation.entry
    if entry.refusal:
        refused = msgspec.structs.replace(entry, body=_strip_refused(entry, shared))
        return replace(validation, entry=refused)
    sent = decode_members(entry.body)
    kept = _strip_message(sent, entry, shared)
    body = entry.body if kept == sent else _encode(kept)
    accepted = msgspec.structs.replace(entry, body=body)
    return replace(validation, entry=accepted, subject=_id(kept["anonymousId"]))


def _strip_refused(entry: Entry, shared: _Members) -> bytes:
    """Return the body of a refused message, of a list of them, or of a batch.

    Nothing is left of one that cannot be read: nobody can tell which of its bytes are an id.
    """
    try:
        if entry.body.lstrip().startswith(b"["):
            return _encode(_strip_list(msgspec.Raw(entry.body), shared))
        sent = decode_members(entry.body)
        kept = _strip_message(sent, entry, shared)
        if "batch" in sent:
            kept["batch"] = msgspec.Raw(_encode(_strip_list(sent["batch"], shared)))
        return _encode(kept)
    except UNDECODABLE:
        return b""


def _strip_list(raw: msgspec.Raw, shared: _Members) -> list[_Members]:
    messages = [(decode_members(each), Entry(bytes(each))) for each in _decode_list(raw)]
    return [_strip_message(sent, entry, shared) for sent, entry in messages]


def _strip_message(sent: _Members, entry: Entry, shared: _Members) -> dict[str, msgspec.Raw]:
    context = _object(sent.get("context"))
    gone = _PERSON - {"traits"} if entry.message_type == "group" else _PERSON
    kept = {name: raw for name, raw in sent.items() if name not in gone}
    rest = _strip_context(context, shared)
    if len(rest) < len(context):
        kept["context"] = msgspec.Raw(_encode(rest))
    elif not context:
        kept.pop("context", None)  # It is empty, or what refuses the message.
    if not _is_passing(sent, context, shared):
        own = entry.event_id or _id(sent.get("messageId"))
        kept["anonymousId"] = msgspec.Raw(_encode(_page_view(context, shared) or own))
    return kept


def _is_passing(sent: _Members, context: _Members, shared: _Members) -> bool:
    """Return whether the device that a message names ends with the page, or it names nobody."""
    if _honours(context, shared) and _id(sent.get("anonymousId")):
        return True
    return not sent.keys() & {"anonymousId", "userId"}


def _strip_context(context: _Members, shared: _Members) -> _Members:
    gone = _PERSON_IN_CONTEXT if _honours(context, shared) else _PERSON_IN_CONTEXT | _VISIT
    return {name: raw for name, raw in context.items() if name not in gone}


def _honours(context: _Members, shared: _Members) -> bool:
    """Return whether the client obeys the signal itself: then its ids end with the page."""
    return (_id(context.get("consent")) or _id(shared.get("consent"))) == "gpc"


def _page_view(context: _Members, shared: _Members) -> str | None:
    """Return the page view's id: it ends with the page, and is the same if the client retries."""
    page_view = _id(context.get("pageViewId")) or _id(shared.get("pageViewId"))
    return page_view[:_MAX_ID_CHARACTERS] if page_view else None


def _object(raw: msgspec.Raw | str | None) -> _Members:
    try:
        return decode_members(raw or ABSENT)
    except UNDECODABLE:
        return {}


def _id(raw: msgspec.Raw | None) -> str | None:
    try:
        return id_text(_decode_id(raw or ABSENT))
    except UNDECODABLE:
        return None
