from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater_contract.address import LONGEST_READ, address_of

IPV4, IPV6 = "198.51.100.23", "2001:db8::7"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (IPV4, IPV4),
        (f" {IPV4}\n", IPV4),
        (f"{IPV4}:49153", IPV4),
        (f"{IPV4}, 10.0.0.7", IPV4),
        (f"{IPV4}:49153,10.0.0.7:443", IPV4),
        (f"unknown, {IPV4}", IPV4),
        (f"::ffff:{IPV4}", IPV4),
        (f"[::ffff:{IPV4}]:443", IPV4),
        ("::ffff:c633:6417", IPV4),
        (IPV6, IPV6),
        ("2001:DB8:0:0:0:0:0:7", IPV6),
        (f"[{IPV6}]", IPV6),
        (f"[{IPV6}]:443", IPV6),
        (f"[{IPV6}%25eth0]:443", IPV6),
        (f"{IPV6}%eth0", IPV6),
        (f"{IPV6}, {IPV4}", IPV6),
        (f'for="[{IPV6}]:443";proto=https;by=203.0.113.43', IPV6),
        (f"For={IPV4}", IPV4),
        (f"proto=https; for={IPV4};by=203.0.113.43", IPV4),
        ("2002:c633:6417::1", IPV4),
        (f'"{IPV4}"', IPV4),
    ],
)
def test_reads_what_servers_and_proxies_say(text: str, address: str) -> None:
    assert address_of(text) == ip_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "localhost",
        "unknown",
        "_hidden",
        f"{IPV4}/24",
        f"{IPV4}:443:443",
        f"{IPV4}:123456",
        f"{IPV4} {IPV4}",
        f"[{IPV4}",
        f"{IPV6}%<script>",
        "256.1.1.1",
        "1.2.3",
        "3405803783",
        "1.2.3.4.5",
        "::1::",
        "\u0661.1.1.1",
    ],
)
def test_finds_none_in_anything_else(text: str) -> None:
    assert address_of(text) is None


def test_reads_no_more_of_a_list_than_proxies_would_write() -> None:
    assert address_of("," * (LONGEST_READ - len(IPV4)) + IPV4) == ip_address(IPV4)
    assert address_of("," * (LONGEST_READ - len(IPV4) + 1) + IPV4) is None
    assert address_of("," * LONGEST_READ + IPV4) is None


@given(st.text() | st.ip_addresses().map(str))
def test_stands_any_text(text: str) -> None:
    address_of(text)


@given(st.ip_addresses(), st.sampled_from(["{}", " {} ", "{}, 10.0.0.7", "[{}]:443"]))
def test_reads_any_address_in_any_form(address: object, form: str) -> None:
    found = address_of(form.format(address))

    parsed = ip_address(str(address))
    within = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    assert found == (within or address)
