import pytest
from cryptography import x509

from headwater_sinks.counts.settings import BUNDLE, Settings
from headwater_sinks.settings import SettingsError

GIVEN = {"POSTGRES_HOST": "db.example", "POSTGRES_DATABASE": "counts", "POSTGRES_SECRET": "arn"}


def test_verifies_the_database_unless_told_otherwise() -> None:
    assert Settings.from_environment(GIVEN).ssl_mode == "verify-full"


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_does_not_start_without_a_setting(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GIVEN, name: ""})


@pytest.mark.parametrize(
    ("name", "value"), [("POSTGRES_PORT", "70000"), ("POSTGRES_SSL_MODE", "disable")]
)
def test_does_not_start_with_a_setting_that_is_not_valid(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GIVEN, name: value})


def test_knows_the_roots_of_rds_and_no_others() -> None:
    roots = x509.load_pem_x509_certificates(BUNDLE.read_bytes())
    names = {root.subject.rfc4514_string() for root in roots}

    assert len(roots) > 80
    assert all("O=Amazon Web Services\\, Inc." in name for name in names)
    assert all(root.subject == root.issuer for root in roots)
