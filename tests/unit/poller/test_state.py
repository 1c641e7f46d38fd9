import pytest

from headwater_poller.errors import StateError
from headwater_poller.state import State, decode, encode
from unit.poller.build import NOW


@pytest.mark.parametrize(
    "state", [State(), State(NOW, "c", frozenset({b"a" * 16, b"b" * 16})), State(cursor="x")]
)
def test_a_state_survives(state: State) -> None:
    assert decode(encode(state)) == state


def test_equal_states_are_equal_texts() -> None:
    many = [bytes([number]) * 16 for number in range(100)]

    assert encode(State(seen=frozenset(many))) == encode(State(seen=frozenset(reversed(many))))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        encode(State())[:-1],
        encode(State()).replace(b'"version":1', b'"version":2'),
        encode(State()).replace(b'"seen":""', b'"seen":"YQ=="'),
        encode(State()).replace(b'"seen":""', b'"seen":"?"'),
        encode(State()).replace(b'"mark":null', b'"mark":"soon"'),
    ],
)
def test_explains_a_state_that_cannot_be_read(text: bytes) -> None:
    with pytest.raises(StateError, match="the saved state"):
        decode(text)
