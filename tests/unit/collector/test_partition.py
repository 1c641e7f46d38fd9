from headwater_collector.partition import partition_key
from headwater_collector.validation import Validation, refuse
from headwater_contract.envelope import Entry


def accepted(event_id: str, subject: str) -> Validation:
    return Validation(Entry(b"{}", "track", event_id), subject)


def test_a_devices_requests_share_a_shard() -> None:
    one = partition_key("app", [accepted("1", "device")])
    other = partition_key("app", [accepted("2", "device"), refuse(b"", "why")])

    assert one == other


def test_devices_and_apps_are_told_apart() -> None:
    keys = {
        partition_key("app", [accepted("1", "device")]),
        partition_key("app", [accepted("1", "another")]),
        partition_key("other", [accepted("1", "device")]),
    }

    assert len(keys) == 3


def test_a_request_about_several_devices_goes_where_it_went_before() -> None:
    validations = [accepted("1", "device"), accepted("2", "another")]

    assert partition_key("app", validations) == partition_key("app", validations)
    assert partition_key("app", validations) != partition_key("app", validations[:1])


def test_refused_messages_do_not_crowd_one_shard() -> None:
    validations = [refuse(b"", "why")]

    assert partition_key("app", validations) != partition_key("app", validations)


def test_is_short_enough_whatever_the_ids() -> None:
    assert len(partition_key("ä" * 128, [accepted("1", "☃" * 10_000)])) == 64
