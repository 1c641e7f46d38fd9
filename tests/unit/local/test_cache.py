from pathlib import Path

from headwater_local.cache import Cache


def test_is_where_the_user_keeps_caches() -> None:
    assert Cache.from_environment({"XDG_CACHE_HOME": "/c"}).root == Path("/c/headwater")


def test_is_in_the_home_folder_otherwise() -> None:
    expected = Path.home() / ".cache" / "headwater"

    assert Cache.from_environment({}).root == expected
    assert Cache.from_environment({"XDG_CACHE_HOME": "relative"}).root == expected
