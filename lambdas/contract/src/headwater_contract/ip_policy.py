"""How much of an address is kept."""

from functools import lru_cache
from ipaddress import ip_network
from typing import Final, Literal, cast, get_args

from headwater_contract.address import LONGEST_READ, address_of

IpPolicy = Literal["full", "truncated", "none"]

_PREFIX: Final = {4: 24, 6: 48}
"""Bits of an address that ``truncated`` keeps, by the version of the protocol."""


def ip_policy_of(text: str) -> IpPolicy:
    """Return the policy that the setting ``IP_POLICY`` names.

    Raises:
        ValueError: it names none; the text says which there are.
    """
    if text not in get_args(IpPolicy):
        raise ValueError(f"IP_POLICY is {text!r}: give one of {', '.join(get_args(IpPolicy))}")
    return cast("IpPolicy", text)


def ip_by_policy(ip: str | None, policy: IpPolicy) -> str | None:
    """Return the address in a text by the policy; None if it is not an address."""
    return _kept(ip.strip()[:LONGEST_READ], policy) if ip and policy != "none" else None


@lru_cache(maxsize=8192)
def _kept(ip: str, policy: IpPolicy) -> str | None:
    address = address_of(ip)
    if address is None:
        return None
    if policy == "full":
        return str(address)
    network = ip_network(f"{address}/{_PREFIX[address.version]}", strict=False)
    return str(network.network_address)
