"""``python -m headwater_writer.maintenance``: maintain the lake by hand.

Takes the writer's environment, and says what it does as JSON lines: ``{"table", "step"}`` as each
step begins, ``{"report"}`` when a table is done. A step that failed is in the report; the exit code
says whether the reports are all.
"""

import argparse
import json
import math
import os
import sys
from dataclasses import asdict

from headwater_contract.tables import TABLES
from headwater_writer.maintenance.steps import NAMES
from headwater_writer.maintenance.worker import maintain, worker
from headwater_writer.settings import Settings
from headwater_writer.spark import session


def main(arguments: argparse.Namespace) -> None:
    """Maintain the tables."""
    settings = Settings.from_environment(os.environ)
    spark = session.start(settings)
    by = worker(spark, lambda: math.inf, lambda table, step: _say(table=table, step=step))
    for report in maintain(spark, settings, by, arguments.table, arguments.step or NAMES):
        _say(report=asdict(report))


def _say(**what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Maintain the lake.")
    tables = [table.name for table in TABLES]
    parser.add_argument("--table", action="append", choices=tables, default=[])
    parser.add_argument("--step", action="append", choices=NAMES, default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main(_arguments())
