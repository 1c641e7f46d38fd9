"""What it costs to leave repeats out of 90 days: ``make bench-repeats``.

The view ``unique_events`` compares only what was loaded within three days, since maintenance
deletes the repeats among the rest. All of its rows are counted, by the type of event: where it
compares nothing, the last three days, and everything, as it would have to without maintenance.
Prints the table of ``docs/performance.md``.
"""

import argparse
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from questions.engines import Engines, engines_over
from questions.lake import DAYS, UNTIL
from questions.measure import seconds

HORIZON: Final = "CAST(current_timestamp AT TIME ZONE 'UTC' AS timestamp) - INTERVAL '3' DAY"
"""The view compares what was loaded since then."""

COMPARED: Final[Mapping[str, date]] = {
    "nothing": UNTIL.date() + timedelta(1),
    "what the last 3 days brought": UNTIL.date() - timedelta(3),
    f"all {DAYS} days": UNTIL.date() - timedelta(DAYS + 1),
}


def main() -> None:
    """Measure tables of as many events as are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000_000)
    events = parser.parse_args().events
    with engines_over(events) as engines:
        measured = {compared: _measured(since, engines) for compared, since in COMPARED.items()}
    print(f"\n| {events:,} events, compared | DuckDB, s | Trino, s | Trino reads, MB |")
    print("|---|---|---|---|")
    for compared, figures in measured.items():
        print(f"| {compared} | {' | '.join(f'{figure:.1f}' for figure in figures)} |")


def _measured(since: date, engines: Engines) -> tuple[float, float, float]:
    """Return seconds on DuckDB and on Trino, when both are warm, and the MB that Trino reads."""
    sql = _counted(since)
    engines.duckdb.execute(to_duckdb(sql)).fetchall()
    read = engines.ask_trino(sql).bytes_read
    return (
        seconds(lambda: engines.duckdb.execute(to_duckdb(sql)).fetchall()),
        seconds(lambda: engines.ask_trino(sql)),
        read / 1e6,
    )


def _counted(since: date) -> str:
    before, after = pack.views()["unique_events"].split(HORIZON)
    view = f"{before} TIMESTAMP '{since} 00:00:00' {after}"
    return f"SELECT event_type, count(*) FROM ({view}) GROUP BY 1"  # noqa: S608 -- ours


if __name__ == "__main__":
    main()
