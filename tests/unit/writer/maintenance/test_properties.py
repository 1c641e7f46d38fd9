from collections.abc import Mapping

import pytest

from headwater_writer.maintenance.errors import ContentionError
from headwater_writer.maintenance.properties import MAX_TRIES, MemoryProperties, Version, update


def with_mark(properties: Mapping[str, str]) -> Mapping[str, str]:
    return {**properties, "mark": "set"}


class Overtaken(MemoryProperties):
    """Others change the properties before each of the first ``times`` swaps."""

    def __init__(self, times: int) -> None:
        super().__init__({"others": "0"})
        self._left = times

    def swap(self, version: Version, properties: Mapping[str, str]) -> bool:
        if self._left:
            self._left -= 1
            self.properties = {**self.properties, "others": str(int(self.properties["others"]) + 1)}
        return super().swap(version, properties)


class Deaf(MemoryProperties):
    """The answers of its swaps are lost."""

    def swap(self, version: Version, properties: Mapping[str, str]) -> bool:
        super().swap(version, properties)
        return False


def test_applies_a_change() -> None:
    table = MemoryProperties({"kept": "as it is"})

    update(table, with_mark)

    assert table.properties == {"kept": "as it is", "mark": "set"}


def test_decides_again_on_what_others_left() -> None:
    table = Overtaken(times=3)

    update(table, with_mark)

    assert table.properties == {"others": "3", "mark": "set"}


def test_finds_after_a_lost_answer_that_it_has_happened() -> None:
    table = Deaf()

    update(table, with_mark)

    assert table.properties == {"mark": "set"}


def test_writes_nothing_that_is_there_already() -> None:
    table = Overtaken(times=1)
    table.properties = {"mark": "set"}

    update(table, with_mark)

    assert table.properties == {"mark": "set"}


def test_gives_up_when_it_is_overtaken_every_time() -> None:
    table = Overtaken(times=MAX_TRIES)

    with pytest.raises(ContentionError):
        update(table, with_mark)

    assert "mark" not in table.properties
