import pytest

from headwater_contract.ip_policy import ip_by_policy


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("203.0.113.9", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::1", "::"),
        (" 203.0.113.9 ", "203.0.113.0"),
        (" " * 1000 + "203.0.113.9\n", "203.0.113.0"),
        ("0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.0"),
    ],
)
def test_truncates_an_address(ip: str, kept: str) -> None:
    assert ip_by_policy(ip, "truncated") == kept


@pytest.mark.parametrize(
    ("ip", "kept"),
    [("203.0.113.9", "203.0.113.9"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1")],
)
def test_keeps_a_full_address_in_its_short_form(ip: str, kept: str) -> None:
    assert ip_by_policy(ip, "full") == kept


def test_keeps_no_address_if_the_policy_wants_none() -> None:
    assert ip_by_policy("203.0.113.9", "none") is None


@pytest.mark.parametrize(
    "ip",
    [
        "",
        "localhost",
        "1.2.3.4.5",
        "'; --",
        "fe80::1%<script>" + "x" * 300,
        "203.0.113.9" + "0" * 40,
        "\U0001f600" * 30_000,
    ],
)
def test_drops_what_is_not_an_address(ip: str) -> None:
    assert ip_by_policy(ip, "full") is None


def test_drops_an_absent_address() -> None:
    assert ip_by_policy(None, "full") is None


def test_truncates_an_ipv4_address_that_is_written_as_ipv6() -> None:
    assert ip_by_policy("::ffff:203.0.113.9", "truncated") == "203.0.113.0"
