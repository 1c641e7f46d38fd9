"""The repository's own files, as git knows them."""

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def files(*patterns: str) -> list[Path]:
    """Return the files that are committed or about to be, of some names like `*Dockerfile`."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns)
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return [path for name in listed.stdout.splitlines() if (path := REPOSITORY / name).is_file()]
