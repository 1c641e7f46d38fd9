from headwater_local.backoff import LONGEST_SECONDS, RAN_WELL_SECONDS, Backoff


def test_doubles_the_delay_with_each_early_death() -> None:
    backoff = Backoff()

    assert [backoff.next_delay(0.0) for _ in range(4)] == [0.5, 1.0, 2.0, 4.0]


def test_never_waits_longer_than_the_longest_delay() -> None:
    backoff = Backoff()

    assert max(backoff.next_delay(0.0) for _ in range(50)) == LONGEST_SECONDS


def test_begins_anew_after_a_good_run() -> None:
    backoff = Backoff()
    early = [backoff.next_delay(0.0) for _ in range(5)]

    assert early[-1] > 0.5
    assert backoff.next_delay(RAN_WELL_SECONDS) == 0.5
