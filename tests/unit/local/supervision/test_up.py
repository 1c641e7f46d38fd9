from headwater_local.supervision.up import about_the_clock


def test_says_how_long_a_clock_that_was_set_back_delays_commits() -> None:
    said = about_the_clock(4600.0, 1000.5)

    assert "no table accepts a commit for 60 minutes" in said
    assert "correct it" in said


def test_says_that_it_goes_on() -> None:
    assert "written again" in about_the_clock(0.0, 1000.0)
