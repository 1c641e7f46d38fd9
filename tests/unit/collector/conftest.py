import pytest

from unit.collector.client import Client


@pytest.fixture
def client() -> Client:
    """A client of a collector with the settings that nobody changed."""
    return Client()
