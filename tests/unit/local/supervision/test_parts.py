from headwater_local.supervision.run import AWS, ROUTE, STOP_ORDER


def test_the_stand_in_has_the_most_time_to_stop() -> None:
    others = [part.grace_seconds for part in STOP_ORDER if part is not AWS]

    assert AWS.grace_seconds > max(others)


def test_only_the_stand_in_cannot_be_replaced() -> None:
    assert [part for part in STOP_ORDER if not part.restartable] == [AWS]


def test_the_stand_in_starts_first_and_stops_last() -> None:
    assert (ROUTE[0], STOP_ORDER[-1]) == (AWS, AWS)
