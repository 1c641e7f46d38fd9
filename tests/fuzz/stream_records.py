"""Whatever is on the stream, a record is unpacked or said to be unreadable, and kills nobody."""

import gzip
import json
from random import Random
from typing import Final

from fuzz.corpus import TEXTS, cases
from fuzz.mutation import damaged, mutated, text_of
from fuzz.target import Checked, Target
from headwater_contract.archive_line import read_archive_line
from headwater_contract.envelope import Entry
from headwater_contract.fields import MESSAGE_TYPES
from headwater_contract.kinesis_event import ReceivedRecord
from headwater_contract.limits import MAX_UNPACKED_RECORD_BYTES
from headwater_contract.message import decode_members
from headwater_contract.stream_record import UnreadableRecordError, extent, header_line, unpack
from headwater_sinks.archive.lines import lines_of
from headwater_writer.rows.message import UnshapeableError
from headwater_writer.rows.rows import Rules, shape

MAX_SENTENCE_CHARACTERS: Final = 400


def check(rng: Random) -> Checked:
    """Unpack a record that is odd somewhere, shape what is in it, and archive it."""
    data = _record(rng)
    said = extent(data).size
    if not len(data) <= said <= max(len(data), MAX_UNPACKED_RECORD_BYTES):
        return Checked(data, "readable", (f"it is said to unpack to {said} bytes",))
    try:
        record = unpack(data)
    except UnreadableRecordError as error:
        is_long = len(str(error)) > MAX_SENTENCE_CHARACTERS
        return Checked(data, "unreadable", ("its sentence is as long as it",) if is_long else ())
    if problems := _problems(data, len(record.entries)):
        return Checked(data, "readable", problems)
    for entry in record.entries:
        try:
            shape(entry, record.envelope, Rules())
        except UnshapeableError:
            continue
    return Checked(data, "readable")


def _problems(data: bytes, entries: int) -> tuple[str, ...]:
    """Return what is wrong with the lines that the archive makes of a record's messages."""
    lines = list(lines_of(ReceivedRecord("clicks/shard", "7", data), "truncated"))
    is_json = all(decode_members(line.text) for line in lines)
    is_one = all(line.text.count(b"\n") == 1 and line.text.endswith(b"\n") for line in lines)
    can_be_read = all(line.is_refused or read_archive_line(line.text) for line in lines)
    found = {
        f"of {entries} messages {len(lines)} are archived": len(lines) == entries,
        "a message is not one line of JSON": is_json and is_one,
        "a line of the archive cannot be read": can_be_read,
    }
    return tuple(sentence for sentence, is_well in found.items() if not is_well)


def _record(rng: Random) -> bytes:
    entries = [_entry(rng) for _ in range(rng.choice((1, 1, 3, 30)))]
    header = json.loads(header_line(rng.choice(cases()).envelope, entries))
    header["user_agent"] = rng.choice((None, *TEXTS))
    changed = mutated(rng, header) if rng.random() < 0.5 else header
    line = text_of(rng, changed).replace(b"\n", b" ")
    plain = b"\n".join([line, *(entry.body for entry in entries)])
    match rng.randrange(4):
        case 0:
            return damaged(rng, plain)
        case 1:
            return damaged(rng, gzip.compress(plain, 1))
        case 2:
            return gzip.compress(plain, 1)
    return plain


def _entry(rng: Random) -> Entry:
    text = text_of(rng, mutated(rng, rng.choice(cases()).message))
    if rng.random() < 0.2:
        return Entry(text, refusal=rng.choice(TEXTS))
    return Entry(text, rng.choice((*MESSAGE_TYPES, "none")), rng.choice(TEXTS))


RECORDS: Final = Target("record", check, share=0.2)
