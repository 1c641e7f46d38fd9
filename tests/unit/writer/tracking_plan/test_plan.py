from headwater_contract.columns import ColumnType
from headwater_contract.tables import EVENTS, TABLES
from headwater_writer.tracking_plan.plan import NO_PLAN, PlannedEvent, Property, TrackingPlan

TOTAL = Property("total", ColumnType.DOUBLE, "prop_total")
PLAN = TrackingPlan(
    {"paid": PlannedEvent([TOTAL]), "refunded": PlannedEvent([TOTAL])},
)


def test_adds_its_columns_to_the_events() -> None:
    [events, *others] = PLAN.tables()

    assert [column.name for column in events.columns] == [
        *(column.name for column in EVENTS.columns),
        "prop_total",
    ]
    assert all(table is own for table, own in zip(others, TABLES[1:], strict=True))


def test_gives_a_column_that_events_share_once() -> None:
    [column] = PLAN.columns

    assert (column.name, column.type) == ("prop_total", ColumnType.DOUBLE)
    assert column.meaning == "total of paid, total of refunded"


def test_says_no_more_of_a_column_than_a_catalog_takes() -> None:
    plan = TrackingPlan({f"größe {number}": PlannedEvent([TOTAL]) for number in range(100)})

    assert len(plan.columns[0].meaning.encode()) <= 255


def test_leaves_the_contract_as_it_is_if_there_is_no_plan() -> None:
    assert NO_PLAN.tables() is TABLES
