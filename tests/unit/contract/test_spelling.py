"""A refusal names the field that was meant, in whatever style it was spelled."""

import pytest

from headwater_contract.accept import Refused, accept
from headwater_contract.spelling import hint


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("user_id", "userId"),
        ("UserID", "userId"),
        ("user-id", "userId"),
        ("anonymous_id", "anonymousId"),
        ("anonymousid", "anonymousId"),
    ],
)
def test_names_what_was_meant(name: str, meant: str) -> None:
    text = f'{{"type":"track","event":"e","{name}":"u"}}'.encode()

    assert hint(text, ("userId", "anonymousId")) == f" (there is '{name}': spell it {meant})"


@pytest.mark.parametrize(
    "text", [b"{}", b'{"user":"u"}', b'{"user_id":null}', b'{"userId":""}', b'{"userIds":["u"]}']
)
def test_is_silent_where_nothing_looks_like_it(text: bytes) -> None:
    assert hint(text, ("userId",)) == ""


def test_a_long_name_makes_no_long_reason() -> None:
    text = b'{"type":"track","event":"e","user%bid":"u"}' % (b"_" * 10_000)
    verdict = accept(text)

    assert isinstance(verdict, Refused)
    assert len(verdict.reason) < 200
