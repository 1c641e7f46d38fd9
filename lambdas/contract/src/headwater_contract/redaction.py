"""How much of an address is kept: in its column, and in contexts, headers and failed messages.

Only a policy other than ``full`` changes texts. What it changes is rewritten from its members, so
that neither another spelling of a key nor a duplicate key keeps an address: each member's value
stays byte for byte, the white space between members goes.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec

from headwater_contract.address_headers import ADDRESS_HEADERS
from headwater_contract.envelope import Envelope
from headwater_contract.ip_policy import IpPolicy, ip_by_policy
from headwater_contract.message import decode_members
from headwater_contract.undecodable import UNDECODABLE, UndecodableMessageError, explain

_ADDRESS: Final = re.compile(rb'"ip"\s*+:\s*+"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)

_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_text: Final = msgspec.json.Decoder(str).decode
_encode: Final = msgspec.json.Encoder().encode


def envelope_by_policy(envelope: Envelope, policy: IpPolicy) -> Envelope:
    """Return an envelope with its addresses by the policy, without headers that tell one."""
    if policy == "full":
        return envelope
    headers = {kind: _without_addresses(sent) for kind, sent in envelope.headers.items()}
    return replace(
        envelope,
        ip=ip_by_policy(envelope.ip, policy),
        context=object_by_policy(envelope.context, policy),
        headers=headers,
    )


def object_by_policy(text: str | None, policy: IpPolicy) -> str | None:
    """Return an object's JSON text, its member ``ip`` by the policy; None stays None.

    Raises:
        UndecodableMessageError: it is not a JSON object.
    """
    if text is None or policy == "full":
        return text
    try:
        members = decode_members(text)
    except UNDECODABLE as error:
        raise UndecodableMessageError(explain(error, text.encode())) from error
    return _encode(_by_policy(members, policy)).decode() if "ip" in members else text


def message_by_policy(body: bytes, policy: IpPolicy) -> bytes:
    """Return a message's JSON text, its own ``ip`` and its context's by the policy.

    ``body`` may also be a list of messages or a batch, as the collector keeps them. Of what is
    not JSON, as if it was cut off, each member ``ip`` goes wherever it stands.
    """
    if policy == "full":
        return body
    kept = _message_or_messages(msgspec.Raw(body), policy)
    return _ADDRESS.sub(b'"ip":null', body) if isinstance(kept, msgspec.Raw) else _encode(kept)


def _message_or_messages(raw: msgspec.Raw, policy: IpPolicy) -> Any:  # noqa: ANN401 -- any JSON
    if bytes(raw).lstrip().startswith(b"["):
        return _messages(raw, policy)
    message = _message(raw, policy)
    if isinstance(message, dict) and "batch" in message:
        message["batch"] = _messages(message["batch"], policy)
    return message


def _messages(raw: msgspec.Raw, policy: IpPolicy) -> Any:  # noqa: ANN401 -- JSON of any kind
    try:
        return [_message(each, policy) for each in _decode_list(raw)]
    except UNDECODABLE:
        return raw


def _message(raw: msgspec.Raw, policy: IpPolicy) -> Any:  # noqa: ANN401 -- JSON of any kind
    message = _object(raw, policy)
    if isinstance(message, dict) and "context" in message:
        message["context"] = _object(message["context"], policy)
    return message


def _object(raw: msgspec.Raw, policy: IpPolicy) -> Any:  # noqa: ANN401 -- JSON of any kind
    try:
        return _by_policy(decode_members(raw), policy)
    except UNDECODABLE:
        return raw


def _by_policy(members: Mapping[str, msgspec.Raw], policy: IpPolicy) -> dict[str, Any]:
    if "ip" not in members:
        return dict(members)
    return {**members, "ip": ip_by_policy(_text(members["ip"]), policy)}


def _text(raw: msgspec.Raw) -> str | None:
    try:
        return _decode_text(raw)
    except UNDECODABLE:
        return None  # A list, an object or a number is not an address.


def _without_addresses(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in headers.items() if name.lower() not in ADDRESS_HEADERS}
