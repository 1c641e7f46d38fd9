"""Logs as JSON lines on standard output: counts and ids, never event bodies."""

import json
import logging
import sys
from datetime import UTC, datetime


def configure() -> None:
    """Send this process's log to standard output from now on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # botocore logs at info level where it found credentials.
    logging.getLogger("botocore").setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, and the fields of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
