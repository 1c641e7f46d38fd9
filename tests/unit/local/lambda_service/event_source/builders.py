"""What the tests of the event source build over and over."""

from collections.abc import Callable, Iterable

from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.fakes import MemoryWorld
from headwater_local.lambda_service.event_source.mapping import EventSourceMapping
from headwater_local.lambda_service.event_source.source import EventSource
from headwater_local.lambda_service.event_source.stream import Record

SHARD = "shardId-000000000000"


def description(**options: object) -> dict[str, object]:
    """A GetEventSourceMapping answer with the least that is needed, and options."""
    return {
        "UUID": "5f9ff9a4-6bb9-4d3c-a6bd-2d3c9c7f0d11",
        "EventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/events",
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:writer",
        "StartingPosition": "TRIM_HORIZON",
        **options,
    }


def mapping(**options: object) -> EventSourceMapping:
    return EventSourceMapping.from_description(description(**options))


def reporting(**options: object) -> EventSourceMapping:
    return mapping(FunctionResponseTypes=["ReportBatchItemFailures"], **options)


def records(count: int, *, arrived_at: float = 1_750_000_000.0) -> tuple[Record, ...]:
    """Records whose sequence numbers begin at 96, so that their length changes at the fifth."""
    return tuple(Record(str(96 + i), "p", b"data", arrived_at) for i in range(count))


def failures(*sequence_numbers: object) -> dict[str, object]:
    return {"batchItemFailures": [{"itemIdentifier": number} for number in sequence_numbers]}


def sequence_numbers(event: KinesisEvent) -> list[str]:
    return [record["kinesis"]["sequenceNumber"] for record in event["Records"]]


def fail_on(poison: Iterable[str], error: Exception) -> Callable[[KinesisEvent], object]:
    """A function that raises whenever one of these records is in its batch."""
    bad = set(poison)

    def answer(event: KinesisEvent) -> object:
        if bad.isdisjoint(sequence_numbers(event)):
            return None
        raise error

    return answer


def run(world: MemoryWorld, options: EventSourceMapping, seconds: float) -> EventSource:
    """Run a source for so much virtual time, as the driver's loop does."""
    source = EventSource(options, world.ports)
    run_on(world, source, seconds)
    return source


def run_on(world: MemoryWorld, source: EventSource, seconds: float) -> None:
    end = world.clock.now() + seconds
    while (wait := source.step()) + world.clock.now() < end:
        world.clock.advance(wait)
    world.clock.seconds = end
