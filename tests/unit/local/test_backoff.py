from headwater_local.backoff import LONGEST_SECONDS, backoff_seconds


def test_doubles_the_pause_with_each_failure() -> None:
    assert [backoff_seconds(failures, 0.5) for failures in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]


def test_never_waits_longer_than_the_longest_pause() -> None:
    assert max(backoff_seconds(failures, 0.5) for failures in range(1, 5000)) == LONGEST_SECONDS
