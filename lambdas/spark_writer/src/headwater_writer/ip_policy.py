"""How much of an address is kept."""

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Literal

IpPolicy = Literal["full", "truncated", "none"]


@lru_cache(maxsize=8192)
def ip_by_policy(ip: str | None, policy: IpPolicy) -> str | None:
    """Return an address as the policy wants it kept; what is no address is dropped.

    ``truncated`` keeps the first 24 bits of IPv4 and the first 48 of IPv6.
    """
    if ip is None or policy == "none":
        return None
    try:
        address = ip_address(ip.strip())
    except ValueError:
        return None
    if policy == "full":
        return str(address)
    prefix = 24 if address.version == 4 else 48
    return str(ip_network(f"{address}/{prefix}", strict=False).network_address)
