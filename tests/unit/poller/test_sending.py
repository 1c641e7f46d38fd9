from collections.abc import Sequence

import pytest

from headwater_collector.stream import MemoryStream
from headwater_collector.validation import Validation
from headwater_contract.envelope import Entry
from headwater_contract.limits import MAX_BATCH_MESSAGES, MAX_REQUEST_BYTES
from headwater_poller.errors import StreamError
from headwater_poller.sending import runs
from unit.poller.build import NOW, Bench, config


def validations(count: int, size: int = 20) -> Sequence[Validation]:
    return [Validation(Entry(b"x" * size, "track", str(number))) for number in range(count)]


def send(bench: Bench, messages: Sequence[Validation]) -> None:
    sender = bench.new_poll().sender
    for run in runs(messages):
        sender.send(messages[run])


def test_sends_in_runs_that_the_collector_would_take_as_a_request() -> None:
    bench = Bench(config())

    send(bench, validations(MAX_BATCH_MESSAGES + 1))
    send(bench, validations(3, MAX_REQUEST_BYTES // 2))

    assert len(bench.entries) == MAX_BATCH_MESSAGES + 4
    assert len(bench.stream.records) == 4


def test_says_whose_records_they_are_and_when_they_came() -> None:
    bench = Bench(config(app_id="site", **{"import": "true"}))

    send(bench, validations(1))

    (envelope, _) = bench.unpacked[0]
    assert (envelope.app_id, envelope.received_at, envelope.is_import) == ("site", NOW, True)


def test_keeps_a_source_on_one_shard() -> None:
    bench = Bench(config())

    send(bench, validations(9000))

    assert len({record.partition_key for record in bench.stream.records}) == 1


def test_puts_again_what_the_stream_rejects() -> None:
    bench = Bench(config(), MemoryStream([[0], [0]]))

    send(bench, validations(1))

    assert len(bench.entries) == 1


def test_explains_a_stream_that_does_not_confirm() -> None:
    bench = Bench(config(), MemoryStream([[0]] * 1000))

    with pytest.raises(StreamError, match=r"did not confirm every record \(Outage\)"):
        send(bench, validations(1))
