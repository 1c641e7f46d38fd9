"""The address in what a server or a proxy says of a visitor."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

LONGEST_READ: Final = 256
"""Characters of a list that are read: a handful of addresses, however long the list is."""

_FORM: Final = re.compile(
    r"""
    \s* (?: for= )? "?
    (?: \[ (?P<bracketed> [0-9a-f:.]+ ) (?: %[^\]]* )? \]
      | (?P<plain> [0-9.]+ (?= :\d+ ) )
      | (?P<bare> [0-9a-f:.]+ ) (?: %[\w.-]+ )?
    )
    (?: :\d{1,5} )? "? \s*
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""An address with a port, as Azure's gateway adds it; in brackets, as IPv6 with a port has to be
(RFC 3986, section 3.2.2); with a zone, which means something on one machine alone (RFC 4007,
section 11); as ``Forwarded`` spells it (RFC 7239, section 4)."""


def address_of(text: str) -> Address | None:
    """Return the visitor's address, or None if there is none in the text.

    Of a list, as in ``X-Forwarded-For``, it is the first that is an address: a proxy adds its own
    behind. IPv4 written as IPv6, or tunnelled as 6to4
    (RFC 3056), is IPv4.
    """
    read = text.strip()
    elements = read[:LONGEST_READ].split(",")
    if len(read) > LONGEST_READ:
        elements.pop()  # It may be cut within an address.
    addresses = (_parse(_of_client(element)) for element in elements)
    return next((address for address in addresses if address is not None), None)


def _of_client(element: str) -> str:
    """Return the part of a ``Forwarded`` element that names the client; any other as it is."""
    parts = element.split(";")
    named = (part for part in parts if part.strip().lower().startswith("for="))
    return next(named, parts[0])


def _parse(element: str) -> Address | None:
    form = _FORM.fullmatch(element)
    if form is None:
        return None
    try:
        address = ip_address(form["bracketed"] or form["plain"] or form["bare"])
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return address.ipv4_mapped or address.sixtofour or address
