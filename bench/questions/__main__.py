"""``make bench-questions``: generate tables, ask all questions, write the docs' tables."""

import argparse

from questions.engines import engines_over
from questions.measure import Asked, measure
from questions.pages import write


def main() -> None:
    """Measure tables of as many events as are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000])
    measured: dict[int, Asked] = {}
    for events in sorted(parser.parse_args().events):
        with engines_over(events) as engines:
            measured[events] = measure(engines)
        write(measured)


if __name__ == "__main__":
    main()
