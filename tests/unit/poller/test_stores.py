import threading
from pathlib import Path

import pytest

from headwater_poller.errors import ConflictError, StateError
from headwater_poller.stores import FileStore, MemoryStore, Saved, Store


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return FileStore(tmp_path / "new" / "a.json") if request.param == "file" else MemoryStore()


def test_is_empty_at_first(store: Store) -> None:
    assert store.load() == Saved()


def test_returns_what_was_saved(store: Store) -> None:
    tag = store.save(b"one", None)
    tag = store.save(b"two", tag)

    assert store.load() == Saved(b"two", tag)


def test_of_two_pollers_one_is_told(store: Store) -> None:
    tag = store.save(b"one", None)
    store.save(b"two", tag)

    for stale in (tag, None):
        with pytest.raises(ConflictError, match="another poller has written"):
            store.save(b"three", stale)
    assert store.load().text == b"two"


def test_of_many_pollers_at_once_one_saves(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "a.json")
    saved: list[bytes] = []

    def save(text: bytes) -> None:
        try:
            store.save(text, None)
            saved.append(text)
        except ConflictError:
            pass

    threads = [threading.Thread(target=save, args=(b"%d" % number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert saved == [store.load().text]


def test_explains_a_file_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = FileStore(tmp_path / "file" / "a.json")

    with pytest.raises(StateError, match="cannot be read"):
        store.load()
    with pytest.raises(StateError, match="cannot be written"):
        store.save(b"", None)
