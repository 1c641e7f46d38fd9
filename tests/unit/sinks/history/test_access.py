import hashlib
import json

import pytest

from headwater_sinks.history.access import ReadKeys
from headwater_sinks.settings import SettingsError

DIGEST = hashlib.sha256(b"secret").hexdigest()
OTHER = hashlib.sha256(b"next").hexdigest()


def keys(*digests: str) -> ReadKeys:
    return ReadKeys.from_environment({"HISTORY_READ_KEYS": json.dumps(digests)})


@pytest.mark.parametrize("header", ["Bearer secret", "bearer secret", "Bearer  secret "])
def test_admits_a_read_key(header: str) -> None:
    assert keys(DIGEST).admit({"authorization": header})


def test_admits_the_old_and_the_new_key_while_one_replaces_the_other() -> None:
    admitted = [
        keys(DIGEST, OTHER).admit({"authorization": f"Bearer {key}"}) for key in ("secret", "next")
    ]

    assert admitted == [True, True]


@pytest.mark.parametrize(
    "header", ["", "secret", "Basic secret", "Bearer", "Bearer wrong", f"Bearer {DIGEST}"]
)
def test_admits_nothing_else(header: str) -> None:
    assert not keys(DIGEST).admit({"authorization": header})
    assert not keys(DIGEST).admit({})


def test_leaves_it_to_iam_without_keys() -> None:
    assert keys().admit({})


@pytest.mark.parametrize(
    "text", ["", "secret", '"x"', "{}", '["secret"]', f'["{DIGEST.upper()}"]', "[7]"]
)
def test_does_not_start_with_anything_but_digests(text: str) -> None:
    with pytest.raises(SettingsError, match="HISTORY_READ_KEYS"):
        ReadKeys.from_environment({"HISTORY_READ_KEYS": text})
