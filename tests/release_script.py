"""`scripts/release.py`, which is in no package, as a module."""

import importlib.util
from pathlib import Path
from types import ModuleType

REPOSITORY = Path(__file__).parents[1]


def release_script() -> ModuleType:
    """Load the script without running it."""
    script = REPOSITORY / "scripts" / "release.py"
    spec = importlib.util.spec_from_file_location("release", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
