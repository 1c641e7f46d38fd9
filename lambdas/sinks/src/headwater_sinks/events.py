"""The events that stream records hold."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from headwater_contract.accept import Refused
from headwater_contract.canary import CANARY_APP
from headwater_contract.event import Event, read_event
from headwater_contract.kinesis_event import Failure, ReceivedRecord, decode


def events_of(records: Iterable[ReceivedRecord], max_age: timedelta) -> Iterator[Event]:
    """Yield the events of stream records, in the order of the stream.

    What is not an event, because it cannot be read or was refused, is left out: the writer keeps
    it in ``failed_records``, with the reason. So are the canary's, which no visitor made.
    ``max_age`` is that of ``read_event``.
    """
    for record in records:
        for item in decode(record):
            if isinstance(item, Failure) or item.envelope.app_id == CANARY_APP:
                continue
            event = read_event(item.entry, item.envelope, max_age)
            if not isinstance(event, Refused):
                yield event
