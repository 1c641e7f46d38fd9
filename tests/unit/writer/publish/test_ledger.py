from headwater_writer.publish.ledger import LATE, beside, property_name

NAME = property_name("writer", "clicks/shardId-000000000000")


def test_property_name_has_group_and_shard() -> None:
    assert NAME == "headwater.ledger.writer/clicks/shardId-000000000000"


def test_name_of_a_list_beside_a_ledger_has_the_shard_too() -> None:
    assert beside(NAME, LATE) == "headwater.late.writer/clicks/shardId-000000000000"
