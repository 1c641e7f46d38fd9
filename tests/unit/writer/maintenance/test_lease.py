from datetime import UTC, datetime, timedelta, timezone

import pytest

from headwater_writer.maintenance.errors import LeaseHeldError, LeaseLostError
from headwater_writer.maintenance.lease import DURATION, PROPERTY, Lease, released, renewed, taken

NOW = datetime(2026, 1, 31, 13, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)


def test_reads_what_it_writes() -> None:
    lease = Lease("me", datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))))

    assert Lease.parse(str(lease)) == lease


def test_gives_a_free_lease_beside_what_is_there() -> None:
    properties = taken({"a": "b"}, "me", NOW)

    assert properties == {"a": "b", PROPERTY: str(Lease("me", NOW + DURATION))}


def test_refuses_a_lease_that_another_has() -> None:
    properties = taken({}, "other", NOW)

    with pytest.raises(LeaseHeldError, match=r"other is working on it, until 13:20:00 UTC"):
        taken(properties, "me", NOW + DURATION - timedelta(microseconds=1))


def test_gives_a_lease_whose_holder_is_dead() -> None:
    properties = taken({}, "other", NOW)

    assert taken(properties, "me", NOW + DURATION) == taken({}, "me", NOW + DURATION)


def test_gives_a_lease_again_to_its_holder() -> None:
    assert taken(taken({}, "me", NOW), "me", SOON) == taken({}, "me", SOON)


def test_renews_a_lease_that_is_held() -> None:
    assert renewed(taken({}, "me", NOW), "me", SOON) == taken({}, "me", SOON)


def test_renews_a_lease_that_ran_out_and_that_nobody_took() -> None:
    late = NOW + 2 * DURATION

    assert renewed(taken({}, "me", NOW), "me", late) == taken({}, "me", late)


def test_does_not_renew_a_lease_that_another_took() -> None:
    with pytest.raises(LeaseLostError):
        renewed(taken({}, "other", NOW), "me", SOON)


def test_does_not_renew_a_lease_that_is_gone() -> None:
    with pytest.raises(LeaseLostError):
        renewed({}, "me", NOW)


def test_releases_a_lease() -> None:
    assert released(taken({"a": "b"}, "me", NOW), "me") == {"a": "b"}


def test_leaves_anothers_lease_alone() -> None:
    properties = taken({}, "other", NOW)

    assert released(properties, "me") == properties


def test_releases_nothing_if_nothing_is_held() -> None:
    assert released({"a": "b"}, "me") == {"a": "b"}
