import pytest

from headwater_contract.depth import MAX_DEPTH, is_too_deep


def nested(depth: int, value: bytes = b"1") -> bytes:
    return b'{"a":[' * (depth // 2) + value + b"]}" * (depth // 2)


@pytest.mark.parametrize("depth", [0, 2, MAX_DEPTH])
def test_takes_what_nests_as_deep_as_it_may(depth: int) -> None:
    assert not is_too_deep(nested(depth))


@pytest.mark.parametrize("depth", [MAX_DEPTH + 2, 10_000])
def test_refuses_what_nests_deeper(depth: int) -> None:
    assert is_too_deep(nested(depth))


def test_counts_no_brackets_in_texts() -> None:
    text = rb'"[[{{ \\" [[ \\\\"'

    assert not is_too_deep(nested(10, text + b"," + text * 0 + b"[]" * 0 + b"1"))
    assert not is_too_deep(b'{"a":"%b"}' % (b"[" * 1_000))


def test_counts_what_is_beside_each_other_once() -> None:
    assert not is_too_deep(b"[" + b",".join([b'{"a":[]}'] * 500) + b"]")
