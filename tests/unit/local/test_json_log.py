import json
import logging

from headwater_local.json_log import JsonLines


def _record(message: str, **attributes: object) -> logging.LogRecord:
    return logging.makeLogRecord(
        {"msg": message, "levelname": "WARNING", "created": 1_750_000_000.25, **attributes}
    )


def test_writes_one_object_with_the_fields_of_the_record() -> None:
    line = JsonLines().format(_record("batch failed", fields={"shard": "s", "records": 3}))

    assert json.loads(line) == {
        "time": "2025-06-15T15:06:40.250000+00:00",
        "level": "warning",
        "message": "batch failed",
        "shard": "s",
        "records": 3,
    }


def test_keeps_a_traceback_on_its_line() -> None:
    error = ValueError("broken\nin two")

    line = JsonLines().format(_record("failed", exc_info=(ValueError, error, None)))

    assert "\n" not in line
    assert "ValueError: broken" in json.loads(line)["traceback"]
