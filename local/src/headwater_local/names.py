"""The names of everything on the stand-in, the same for all parts."""

REGION = "us-east-1"
ACCOUNT = "000000000000"
"""The account that the stand-in says it is."""

STREAM = "headwater-events"
BUCKET = "headwater-data"
LAKE_PREFIX = "lake"
WAREHOUSE = f"s3://{BUCKET}/{LAKE_PREFIX}"
FAILED_PREFIX = "failed_batches/"
FAILED_BATCHES = f"s3://{BUCKET}/{FAILED_PREFIX}"
DATABASE = "headwater"

ARCHIVE = "archive"
ARCHIVE_PREFIX = "archive/"
ARCHIVE_ERRORS_PREFIX = "archive-errors/"
"""The raw archive, and what could not be archived, in the data bucket."""

FAILED_SINKS = "failed_sinks"
"""Below it, by sink, are the batches that a sink's mapping gave up on."""

WRITER_FUNCTION = "headwater-writer"
MAINTENANCE_FUNCTION = "headwater-maintenance"
REPLAY_FUNCTION = "headwater-replay"

HISTORY_TABLE = "headwater-history"
COUNTS_SECRET = "headwater-counts"  # noqa: S105 -- its name
READ_KEY = "local"
"""The key that reads the history, as the write key is for whatever runs on this machine."""


def sink_function(sink: str) -> str:
    """Return the name of a sink's function."""
    return f"headwater-{sink}"


CONSUMER_GROUP = "writer"
"""The group under whose name the tables' ledgers hold what the writer committed."""

WRITE_KEY = "local"
"""The key, and so the app, of events that are sent by hand: none has to be set up."""

IMPORT_KEY = "import"
"""The key of history of the same app, unless the user sets up others."""

LOOPBACK = "127.0.0.1"
"""The one address anything binds or calls: nothing is reachable from outside."""
