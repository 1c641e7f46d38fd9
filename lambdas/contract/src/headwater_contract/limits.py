"""Sizes that bound what one client can send and what one stream record can carry."""

from datetime import timedelta

MAX_MESSAGE_BYTES = 32 * 1024
"""One message, as JSON text. Segment's HTTP API documents 32 KB; its clients use 32 x 1024."""

MAX_REQUEST_BYTES = 500_000
"""One request body, after decompression. Segment's HTTP API documents 500 KB."""

MAX_BATCH_MESSAGES = 2500
"""Messages of one request. Segment's HTTP API documents 2,500 events."""

MAX_LISTED_REFUSALS = 20
"""Refused messages of one request that its answer lists; the rest is counted."""

MAX_STREAM_RECORD_BYTES = 1024 * 1024 - 256
"""One Kinesis record: 1 MiB for data and partition key, of which a key takes up to 256 bytes."""

MAX_UNPACKED_RECORD_BYTES = 4 * 1024 * 1024
"""What a compressed stream record may unpack to: several times what the collector packs."""

MAX_RECORD_ENTRIES = MAX_BATCH_MESSAGES + 1
"""Entries of one stream record: a full batch, and one for all that came beyond it."""

MAX_ENVELOPE_CHARACTERS = 8 * 1024
"""One text of an envelope: several times what the collector takes over from a request."""

MAX_CAPTURED_HEADERS_BYTES = 64 * 1024
"""All captured headers of one request, as JSON. API Gateway takes 10,240 bytes of headers, and each
may be captured for several event types."""

MAX_REPEATED_BYTES = 32 * 1024 * 1024
"""The envelope of one stream record, as often as there are entries: each may be kept with a copy of
it. An ordinary envelope has 300 bytes."""

MAX_PACKED_REPEATS = MAX_REPEATED_BYTES // 2
"""As much of that as the collector packs into one record: earlier ones packed all of it. A text of
the envelope may stand in two columns of each row."""

DEFAULT_MAX_AGE = timedelta(days=30)
"""How old an event may be, unless the deployer says otherwise; an older one gets the time of its
arrival."""
