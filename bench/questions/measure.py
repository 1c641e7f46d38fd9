"""Each question, asked about 30 days on both engines, and about one day for what it reads."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rich.progress import track

from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from integration.writer.queries.trino import MemoryLimitError
from questions.engines import Engines
from questions.lake import DAYS, UNTIL

LAST: Final = UNTIL.date() - timedelta(1)
MIDDLE: Final = LAST - timedelta(DAYS // 2)
USUAL_DAYS: Final = 30
"""Of `headwater ask`."""

OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "attribution": {"event": "order_paid"},
    "breakdown_by_property": {"event": "order_paid", "property": "$.product"},
    "conversions": {"event": "order_paid"},
    "funnel": {"steps": '["page_view", "product_viewed", "product_added", "order_paid"]'},
    "paths_from_page": {"page": "/"},
    "paths_to_page": {"page": "/basket"},
    "user_timeline": {"user": "nobody"},
}


@dataclass(frozen=True)
class Measured:
    """Seconds by engine for 30 days, and the bytes that Trino reads for one day of 90.

    ``trino`` is None if the question needs more memory than the server has.
    """

    duckdb: float
    trino: float | None
    day_bytes: int


@dataclass(frozen=True)
class Asked:
    """What each question takes, and how many bytes the files of each table have."""

    questions: Mapping[str, Measured]
    table_bytes: Mapping[str, int]


def measure(engines: Engines) -> Asked:
    """Return what each question takes on tables; engines and tables are warm."""
    sizes = {
        table: engines.ask_trino(_size(table)).rows[0][0] for table in ("events", "identifies")
    }
    questions = track([*pack.questions()], "asking")
    return Asked({name: _measured(name, engines) for name in questions}, sizes)


def _size(table: str) -> str:
    return f'select sum(file_size_in_bytes) from "{table}$files"'  # noqa: S608 -- ours


def _measured(name: str, engines: Engines) -> Measured:
    day = _sql(name, 1, MIDDLE)
    month = _sql(name, USUAL_DAYS, LAST)
    engines.duckdb.execute(to_duckdb(day)).fetchall()
    return Measured(
        day_bytes=engines.ask_trino(day).bytes_read,
        duckdb=seconds(lambda: engines.duckdb.execute(to_duckdb(month)).fetchall()),
        trino=_if_there_is_memory(lambda: engines.ask_trino(month)),
    )


def _sql(name: str, days: int, last: date) -> str:
    span = {"start": str(last - timedelta(days - 1)), "end": str(last)}
    return pack.render(name, {} if name == "audit" else {**span, **OWN.get(name, {})})


def _if_there_is_memory(work: Callable[[], object]) -> float | None:
    try:
        return seconds(work)
    except MemoryLimitError:
        return None


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
