from datetime import UTC, datetime, timedelta

from headwater_contract.canary import CANARY_APP
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.stream_record import pack
from headwater_sinks.events import events_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _record(app: str) -> ReceivedRecord:
    body = b'{"userId":"u","event":"paid"}'
    [data] = pack(Envelope(NOW, app), [Entry(body, "track", "m"), Entry(b"{}", refusal="no")])
    return ReceivedRecord("events/shardId-000000000000", "1", data)


def test_gives_events_and_neither_what_was_refused_nor_the_canarys() -> None:
    records = [_record("shop"), _record(CANARY_APP), ReceivedRecord("s", "2", b"poison")]

    events = list(events_of(records, timedelta(days=30)))

    assert [(event.app_id, event.event_type) for event in events] == [("shop", "paid")]
