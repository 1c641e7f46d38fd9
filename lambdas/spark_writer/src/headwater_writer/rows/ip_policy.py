"""How much of an address is kept."""

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final, Literal

IpPolicy = Literal["full", "truncated", "none"]

_LONGEST_ADDRESS: Final = 45
"""Characters: IPv6 with its last 32 bits written as IPv4."""


def ip_by_policy(ip: str | None, policy: IpPolicy) -> str | None:
    """Return an address as the policy wants it kept; what is no address is dropped.

    ``truncated`` keeps the first 24 bits of IPv4 and the first 48 of IPv6. An IPv6 address with a
    zone (RFC 4007, section 11) counts as none: a zone means something on one machine alone, and it
    may be any text.
    """
    address = (ip or "").strip()
    if policy == "none" or len(address) > _LONGEST_ADDRESS or "%" in address:
        return None
    return _kept(address, policy)


@lru_cache(maxsize=8192)
def _kept(ip: str, policy: IpPolicy) -> str | None:
    try:
        address = ip_address(ip)
    except ValueError:
        return None
    if policy == "full":
        return str(address)
    prefix = 24 if address.version == 4 else 48
    return str(ip_network(f"{address}/{prefix}", strict=False).network_address)
