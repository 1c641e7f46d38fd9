import threading
from typing import NoReturn

from headwater_collector.stream import MemoryStream
from headwater_poller.loop import Poller
from headwater_poller.poll import Outcome
from headwater_poller.stores import MemoryStore
from unit.poller.api import Asked, Reply, by_offset, rows, serving
from unit.poller.build import Bench, config


def poller(bench: Bench, heard: list[Outcome], environment: dict[str, str]) -> Poller:
    return Poller(
        bench.config,
        bench.stream,
        bench.store,
        heard.append,
        bench.stop,
        environment,
        None,
    )


def test_reads_the_secret_anew_for_each_poll() -> None:
    environment = {"TOKEN": "old"}
    with serving(by_offset([], 1)) as api:
        auth = {"type": "bearer", "token": {"env": "TOKEN"}}
        bench = Bench(config(url=api.url, auth=auth))
        polled = poller(bench, [], environment)
        polled.poll()
        environment.update(TOKEN="new")
        polled.poll()

    assert [asked.headers["authorization"] for asked in api.asked] == ["Bearer old", "Bearer new"]


def test_reports_a_failure_and_goes_on() -> None:
    stop = threading.Event()
    heard: list[Outcome] = []

    def respond(asked: Asked) -> Reply:
        if len(api.asked) == 2:
            stop.set()
        return by_offset(rows(1), 1)(asked)

    with serving(respond, Reply(status=404)) as api:
        bench = Bench(config(url=api.url, every="0s"), MemoryStream(), MemoryStore(), stop=stop)
        poller(bench, heard, {}).run()

    assert heard[0].failure == "the API answers 404: check `url` and `params`"
    assert (heard[1].failure, heard[1].sent) == (None, 1)


def test_a_missing_secret_is_a_failure_before_anything_is_asked() -> None:
    heard: list[Outcome] = []
    with serving(by_offset([], 1)) as api:
        auth = {"type": "bearer", "token": {"env": "TOKEN"}}
        poller(Bench(config(url=api.url, auth=auth)), heard, {}).poll()

    assert "the variable TOKEN is missing" in str(heard[0].failure)
    assert api.asked == []


class BrokenStore(MemoryStore):
    def load(self) -> NoReturn:
        raise RuntimeError("a defect")


def test_reports_a_defect_and_does_not_die_of_it() -> None:
    heard: list[Outcome] = []

    poller(Bench(config(), store=BrokenStore()), heard, {}).poll()

    assert str(heard[0].failure).startswith("a defect of the poller ended the poll (RuntimeError)")
    assert str(heard[0].defect) == "a defect"


def test_a_stop_ends_a_wait_and_is_not_a_failure() -> None:
    stop = threading.Event()
    heard: list[Outcome] = []

    def respond(_: Asked) -> Reply:
        stop.set()
        return Reply(status=429, headers={"Retry-After": "200"})

    with serving(respond) as api:
        bench = Bench(config(url=api.url), stop=stop)
        poller(bench, heard, {}).run()

    assert [outcome.failure for outcome in heard] == [None]
