"""An hour of everything at once: ``python -m soak --minutes 60``; exit code 1 if it does harm.

Four writers, each a process with a Spark of its own, take the batches of four shards to one lake,
on a stand-in with a true lock. Requests and answers are lost, writers killed, frozen and started
anew, plans deployed, batches given up and written late; maintenance is at work all the time, and in
the middle another tool rolls ``events`` back, after which the stream is read from its start. When
all is quiet, each message must be in one table once, and each kept snapshot readable.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from soak.soak import Soak


def main() -> int:
    """Do what the command line says and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="how long records are sent")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of what is by chance")
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="headwater-soak-"))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"seed {options.seed}; what the processes say is in {directory}")
    with Soak.prepared(directory, options.seed) as soak:
        wrong = soak.run(options.minutes * 60)
        console.print("\n".join(wrong) or "each message is in one table, each snapshot readable")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
