from pathlib import Path

import pytest

from headwater_local.errors import DiskFullError
from headwater_local.files import free_bytes, require_free_space


def test_measures_where_a_folder_is_to_be(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") > 0


def test_says_what_is_needed_and_for_what(tmp_path: Path) -> None:
    needed = 2**60

    with pytest.raises(DiskFullError, match=r"the lake needs 1099511627776 MB"):
        require_free_space(tmp_path, needed, "the lake")
