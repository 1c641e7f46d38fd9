"""Write every rendering below the current folder, the root of the repository."""

from pathlib import Path

from rendering import RENDERINGS

if __name__ == "__main__":
    for path, render in RENDERINGS.items():
        Path(path).write_text(render(), encoding="utf-8")
