"""Every message is in exactly one place when all is quiet, whatever came between two tries.

A place is a row of ``events``, or of ``failed_records``; a repeat of an event is where the event is.
``identifies`` has the row of every event that identifies. All of it is what ``World.wrong`` checks.
"""



from headwater_contract.tables import EVENTS, FAILED_RECORDS, IDENTIFIES
from unit.writer.publish.places import (
    GOOD,
    JOINED,
    JOINED_BADLY,
    LOOSE,
    OTHER,
    PAID,
    REFUSED,
    STRICT,
    World,
    steps_of,
)

TABLES = (EVENTS.name, IDENTIFIES.name, FAILED_RECORDS.name)

STREAM = {
    1: [REFUSED],
    2: [PAID, GOOD],
    3: [OTHER, JOINED],
    4: [JOINED_BADLY],
}

STEPS = {
    rules: steps_of(lambda watch, rules=rules: World(STREAM).give(rules, watch=watch))
    for rules in ("loose", "strict")
    for rules in [{"loose": LOOSE, "strict": STRICT}[rules]]
}
