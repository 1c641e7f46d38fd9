"""The tries of one decision: a commit is found by its id, and after a conflict it is made again."""

import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from headwater_writer.functions.invocation import without_gc
from headwater_writer.publish.fence import Change, Conflicts
from headwater_writer.publish.ledger import LedgerError, property_name
from headwater_writer.publish.memory_table import LostError, MemoryStore, Phase, Watch, unwatched
from headwater_writer.publish.settle import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MAX_TRIES,
    Decision,
    PublishError,
    Settler,
)
from headwater_writer.publish.table import Head
from unit.writer.builders import (
    GROUP,
    SHARD,
    Always,
    Both,
    MemoryLake,
    Nth,
    Once,
    batch,
    failing,
    row,
    sequences,
    table,
)

if TYPE_CHECKING:
    from headwater_writer.rows.rows import Row

LEDGER = property_name(GROUP, SHARD)
OTHER_SHARD = "clicks/shardId-000000000001"
LOST = LostError("the answer was lost")

every_moment = pytest.mark.parametrize("moment", ["before", "after"])


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


class Decider:
    """Decides to add the rows that are not there by now, and counts how often it is asked."""

    def __init__(
        self, *numbers: int, conflicts: Conflicts = lambda summary: summary.get(LEDGER) is not None
    ) -> None:
        self.decided = 0
        self._numbers = numbers
        self._conflicts = conflicts

    def __call__(self, head: Head) -> Decision:
        self.decided += 1
        held = [each["ingest_sequence"] for each in head.base.rows]
        rows: list[Row] = [row(each) for each in self._numbers if str(each) not in held]
        return Decision(head.history.newest, rows, bool(rows), _change, self._conflicts)


def _change(head: Head) -> Change:
    return Change({LEDGER: "1-1"}, {"commits": str(int(head.properties.get("commits") or 0) + 1)})


def settler(
    store: MemoryStore, watch: Watch = unwatched, pause: Callable[[float], None] = lambda _: None
) -> Settler:
    return Settler(table(store, watch), pause)


def settle(store: MemoryStore, decide: Decider, watch: Watch = unwatched) -> Decision:
    settling = settler(store, watch)
    return settling.settle(settling.table.head(), decide)


def numbers(decision: Decision) -> list[int]:
    return [int(each["ingest_sequence"]) for each in decision.rows]


def steps(told: list[str]) -> Watch:
    return lambda step, moment: told.append(step) if moment == "before" else None


def test_decision_is_committed_in_one_try(store: MemoryStore) -> None:
    assert numbers(settle(store, Decider(1, 2))) == [1, 2]
    assert sequences(store) == [1, 2]
    assert store.metadata.properties["commits"] == "1"


def test_decision_that_is_not_due_commits_nothing(store: MemoryStore) -> None:
    told: list[str] = []

    assert numbers(settle(store, Decider(), steps(told))) == []
    assert told == ["head"]
    assert store.metadata.newest is None


def test_decision_without_rows_can_be_due(store: MemoryStore) -> None:
    told: list[str] = []

    def decide(head: Head) -> Decision:
        return Decision(head.history.newest, [], True, _change, lambda _: False)

    settling = settler(store, steps(told))
    settling.settle(settling.table.head(), decide)

    assert told == ["head", "swap"]
    assert sequences(store) == []
    assert store.metadata.properties["commits"] == "1"


def test_writer_that_is_alone_reads_the_table_once_a_commit(store: MemoryStore) -> None:
    told: list[str] = []
    settling = settler(store, steps(told))

    for number in (1, 2):
        settling.settle(settling.table.head(), Decider(number))

    assert told == ["head", "stage", "swap"] * 2


def test_writer_beside_others_looks_again_after_its_files_are_written(store: MemoryStore) -> None:
    told: list[str] = []
    settle(store, Decider(1))

    settle(store, Decider(2), steps(told))

    assert told == ["head", "stage", "head", "swap"]


@every_moment
def test_commit_is_tried_until_it_is_there_once(store: MemoryStore, moment: Phase) -> None:
    settle(store, Decider(1, 2), Once("swap", moment, failing(LOST)))

    assert sequences(store) == [1, 2]
    assert store.metadata.properties["commits"] == "1"


@every_moment
def test_files_are_written_once_for_many_tries(store: MemoryStore, moment: Phase) -> None:
    told: list[str] = []
    lost = Once("swap", moment, failing(LOST))

    settle(store, Decider(1), Both(lost, steps(told)))

    assert told.count("stage") == 1


@pytest.mark.parametrize("others", [1, 30])
@every_moment
def test_commit_whose_answer_was_lost_is_found_behind_those_of_others(
    store: MemoryStore, moment: Phase, others: int
) -> None:
    decide = Decider(1, 2)

    def lose_while_others_commit() -> None:
        publisher = MemoryLake()
        publisher.stores["events"] = store
        for number in range(1, 1 + others):
            publisher.publisher().write(batch(10 * number, 10 * number, OTHER_SHARD))
        raise LOST

    decision = settle(store, decide, Once("swap", moment, lose_while_others_commit))

    assert numbers(decision) == [1, 2]
    assert decide.decided == 1
    assert sequences(store) == [1, 2, *range(10, 10 * others + 1, 10)]


def test_commit_that_was_found_is_tried_no_more(store: MemoryStore) -> None:
    told: list[str] = []

    settle(store, Decider(1), Both(Once("swap", "after", failing(LOST)), steps(told)))

    assert told == ["head", "stage", "swap", "head"]


def test_commit_of_any_try_is_found(store: MemoryStore) -> None:
    """The first request is under way for long, the second is lost, and then the first lands."""
    held: list[Callable[[], object]] = []
    first = table(store)
    head = first.head()

    def hold_back() -> None:
        staged = first.stage([row(1)])
        held.append(lambda: first.commit(staged, head, _change(head)))
        raise LOST

    def let_go() -> None:
        held.pop()()
        raise LOST

    decide = Decider(1)
    settle(store, decide, Both(Once("swap", "before", hold_back), Nth("swap", "before", 2, let_go)))

    assert sequences(store) == [1]


def test_commit_goes_on_a_later_state_without_a_conflict(store: MemoryStore) -> None:
    decide = Decider(1)

    settle(store, decide, Once("swap", "before", store.compact))

    assert decide.decided == 1
    assert sequences(store) == [1]


def test_change_is_that_of_the_state_which_it_goes_on(store: MemoryStore) -> None:
    def elsewhere() -> None:
        settle(store, Decider(2, conflicts=lambda _: False))

    settle(store, Decider(1, conflicts=lambda _: False), Once("swap", "before", elsewhere))

    assert sequences(store) == [1, 2]
    assert store.metadata.properties["commits"] == "2"


def test_decision_is_made_again_after_a_conflict(store: MemoryStore) -> None:
    decide = Decider(1, 2)

    decision = settle(store, decide, Once("swap", "before", lambda: settle(store, Decider(1))))

    assert numbers(decision) == [2]
    assert decide.decided == 2
    assert sequences(store) == [1, 2]


def test_decision_with_a_conflict_before_its_first_try_is_not_tried(store: MemoryStore) -> None:
    told: list[str] = []
    settle(store, Decider(7))
    twin = Once("stage", "after", lambda: settle(store, Decider(1)))

    decision = settle(store, Decider(1), Both(twin, steps(told)))

    assert numbers(decision) == []
    assert "swap" not in told
    assert sequences(store) == [1, 7]


def test_files_of_the_same_rows_serve_a_decision_that_is_made_again(store: MemoryStore) -> None:
    told: list[str] = []
    twin = Once("swap", "before", lambda: settle(store, Decider(9)))

    settle(store, Decider(1), Both(twin, steps(told)))

    assert told.count("stage") == 1
    assert sequences(store) == [1, 9]


def test_decision_is_made_again_if_the_history_was_cut(store: MemoryStore) -> None:
    settle(store, Decider(1))
    decide = Decider(2)

    def compact_and_expire() -> None:
        store.compact()
        store.expire_snapshots(keep=1)

    settle(store, decide, Once("swap", "before", compact_and_expire))

    assert decide.decided == 2
    assert sequences(store) == [1, 2]


def test_commit_that_another_tool_rolled_back_is_made_again(store: MemoryStore) -> None:
    settle(store, Decider(1))
    first = store.metadata.newest
    assert first is not None

    def roll_back_and_lose() -> None:
        store.roll_back(first)
        raise LOST

    settle(store, Decider(2), Once("swap", "after", roll_back_and_lose))

    assert sequences(store) == [1, 2]


@pytest.mark.parametrize("error", [LOST, None])
def test_decision_is_given_up_after_so_many_tries(
    store: MemoryStore, error: LostError | None
) -> None:
    tries: list[None] = []

    def fail() -> None:
        tries.append(None)
        store.compact()
        if error:
            raise error

    with pytest.raises(PublishError, match=f"cannot commit to events in {MAX_TRIES} attempts"):
        settle(store, Decider(1), Always("swap", "before", fail))

    assert len(tries) == MAX_TRIES
    assert sequences(store) == []


def test_commit_of_the_last_try_is_found_too(store: MemoryStore) -> None:
    tries: list[None] = []

    def lose_all_but_the_last() -> None:
        tries.append(None)
        if len(tries) < MAX_TRIES:
            store.compact()

    def lose_the_answer() -> None:
        if len(tries) == MAX_TRIES:
            raise LOST

    watch = Both(
        Always("swap", "before", lose_all_but_the_last), Always("swap", "after", lose_the_answer)
    )

    assert numbers(settle(store, Decider(1), watch)) == [1]
    assert sequences(store) == [1]


@pytest.mark.parametrize("failures", [1, MAX_TRIES])
def test_rows_are_let_go_after_commits_that_failed(store: MemoryStore, failures: int) -> None:
    left = iter(range(failures))

    def fail() -> None:
        if next(left, None) is not None:
            raise LostError

    settling = settler(store, Always("swap", "before", fail))
    decide = Decider(1)
    watched = weakref.ref(decide)

    with without_gc():
        with suppress(PublishError):
            settling.settle(settling.table.head(), decide)
        del decide

        assert watched() is None


def test_pauses_double_up_to_the_longest(store: MemoryStore) -> None:
    pauses: list[float] = []
    settling = settler(store, Always("swap", "before", store.compact), pauses.append)

    with pytest.raises(PublishError):
        settling.settle(settling.table.head(), Decider(1))

    assert pauses[:7] == [FIRST_PAUSE * 2**number for number in range(6)] + [LONGEST_PAUSE]
    assert set(pauses[6:]) == {LONGEST_PAUSE}
    assert len(pauses) == MAX_TRIES


def test_table_that_does_not_say_what_it_should_ends_the_tries(store: MemoryStore) -> None:
    nonsense: Mapping[str, str] = {"headwater.latest": "nonsense"}

    def edit() -> None:
        store.metadata = store.metadata.with_properties(nonsense)

    with pytest.raises(LedgerError):
        settle(store, Decider(1), Once("swap", "before", edit))

    assert sequences(store) == []
