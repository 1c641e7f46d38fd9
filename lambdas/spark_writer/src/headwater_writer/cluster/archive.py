"""A file of an archive as rows: what one task does, by the same pure code as a backfill alone."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headwater_contract.kinesis_event import Received
from headwater_contract.tables import EVENTS, IDENTIFIES
from headwater_writer.backfill.lines import MAX_LISTED, Refusal, Unread, failing, lines_in
from headwater_writer.backfill.run import by_reason, runs
from headwater_writer.backfill.source import File, Source, SourceError
from headwater_writer.rows.rows import Row, Rules
from headwater_writer.writer import rows_of_messages


@dataclass(frozen=True, slots=True)
class FileEnd:
    """How many events a file held, and what of it cannot become a row: some by name."""

    events: int
    failing: Counter[str]
    named: Sequence[Refusal]

    def encoded(self) -> str:
        """Return it as a text that ``decoded`` reads."""
        named = [[*each.place, each.reason] for each in self.named]
        return json.dumps([self.events, self.failing, named])

    @classmethod
    def decoded(cls, text: str) -> "FileEnd":
        """Return what ``encoded`` gave."""
        events, failing, named = json.loads(text)
        refusals = [Refusal((file, line), reason) for file, line, reason in named]
        return cls(events, Counter(failing), refusals)


def shaped(
    source: Source, file: File, app: str | None, rules: Rules, now: datetime
) -> Iterator[Mapping[str, Sequence[Row]] | FileEnd]:
    """Yield the rows of a file's messages by table, a run at a time, and how that ended.

    With an ``app`` it is a file of its messages, without one of an archive.

    Raises:
        SourceError: it could not be fetched, so the task has to be run again.
        UnknownAppError: it is not of an archive, and there is no ``app``.
    """
    events = 0
    reasons: Counter[str] = Counter()
    named: list[Refusal] = []
    for run in runs(lines_in(source, file, app, lambda: now)):
        messages = {line.place: line.content for line in run if isinstance(line.content, Received)}
        rows = rows_of_messages(messages.values(), rules, now)
        refusals = [line.content for line in run if isinstance(line.content, Refusal)]
        for each in refusals:
            if isinstance(each, Unread):
                raise SourceError(f"{each.place[0]}: {each.reason}")
        refusals += failing(messages, rows)
        events += len(rows[EVENTS.name])
        reasons += by_reason(refusals)
        named += refusals[: MAX_LISTED - len(named)]
        yield {table.name: rows[table.name] for table in (EVENTS, IDENTIFIES)}
    yield FileEnd(events, reasons, named)
