"""A line becomes a message with a position, which is its identity in the tables.

A line of an archive says the position that the message had on the stream. A message of a file never
was on one: its position is made of its time and a digest of its app and its text, so that the same
message has the same position each time, under whatever name and in whatever order its file comes.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from headwater_contract.accept import Refused, accept
from headwater_contract.archive_line import Archived, read_archive_line
from headwater_contract.client_times import happened_at, sent_at
from headwater_contract.envelope import Entry, Envelope
from headwater_contract.kinesis_event import Position, Received
from headwater_contract.lines import completed

FILES_SHARD: Final = "backfill/files"
"""The shard of messages from files. No stream has it: Kinesis calls its shards ``shardId-…``."""

_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)


class UnknownAppError(Exception):
    """A line is not of an archive, and the backfill does not say whose message it is."""


def message_of(number: int, line: bytes, app: str | None, now: datetime) -> Received | Refused:
    """Return the message in a line of a file of messages of an app, or without one, of an archive.

    ``number`` is the line's, from 1. A message of a file is history, which keeps its times; it was
    received when it says so, or ``now`` (aware UTC). Whoever wrote such a file cannot choose the
    app or the position, as a line of an archive does.

    Raises:
        UnknownAppError: it is not a line of an archive, and there is no ``app``.
        UnreadableLineError: it is a damaged line of an archive.
    """
    if app is not None:
        return _of_file(number, line.strip(), app, now)
    archived = read_archive_line(line)
    if archived is None:
        raise UnknownAppError(
            "the lines are not of an archive: give `app`, whose messages they are"
        )
    return of_archive(archived)


def of_archive(archived: Archived) -> Received:
    """Return the message in a line of an archive, at the position that it had on the stream."""
    position = Position(archived.shard, archived.sequence, archived.index)
    return Received(archived.entry, archived.envelope, position)


def _of_file(number: int, line: bytes, app: str, now: datetime) -> Received | Refused:
    text = completed(number, line)
    verdict = accept(text)
    if isinstance(verdict, Refused):
        return verdict
    received = sent_at(verdict.message.received_at)
    envelope = Envelope(received or now, app, is_import=True)
    entry = Entry(text, verdict.message_type, verdict.event_id)
    time = happened_at(verdict.message) or received or _BEGINNING
    return Received(entry, envelope, Position(FILES_SHARD, sequence(time, app, text), 0))


def sequence(time: datetime, app: str, text: bytes) -> str:
    """Return the sequence number of a file's message, 55 digits.

    Those of one time are next to each other, so that a search finds them in few files of a table.
    """
    milliseconds = (time - _BEGINNING) // timedelta(milliseconds=1)
    digest = hashlib.sha256(b"%d:%b%b" % (len(app), app.encode(), text)).digest()
    return f"1{milliseconds:015}{int.from_bytes(digest[:16]):039}"
