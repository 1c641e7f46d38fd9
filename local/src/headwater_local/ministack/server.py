"""The AWS stand-in's process: ministack behind a guard.

Run as ``python -m headwater_local.ministack.server`` with the stand-in's interpreter, whose
environment has ministack and not our dependencies.
"""

from ministack import app as ministack

from headwater_local.ministack.guard import Guard


def main() -> None:
    """Serve until SIGTERM."""
    ministack.app = Guard(ministack.app)  # What its `main` serves.
    ministack.main()


if __name__ == "__main__":
    main()
