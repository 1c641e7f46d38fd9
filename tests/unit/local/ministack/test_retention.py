"""Records go when the stream's retention is over, the oldest first."""

from typing import Any

from headwater_local.ministack.retention import forgetting

HOUR = 3600.0


def stream(**shards: list[float]) -> dict[str, Any]:
    """Return one that keeps records for a day, with records that arrived at those times."""
    kept = {
        name: {"records": [{"ApproximateArrivalTimestamp": arrival} for arrival in arrivals]}
        for name, arrivals in shards.items()
    }
    return {"RetentionPeriodHours": 24, "shards": kept}


def arrivals(kept: dict[str, Any], shard: str) -> list[float]:
    return [each["ApproximateArrivalTimestamp"] for each in kept["shards"][shard]["records"]]


def test_each_shard_keeps_what_arrived_within_its_retention() -> None:
    kept = stream(one=[0.0, HOUR, HOUR, 2 * HOUR], two=[0.5 * HOUR], three=[])

    forgetting(lambda: 25 * HOUR)(kept)

    assert arrivals(kept, "one") == [HOUR, HOUR, 2 * HOUR]
    assert arrivals(kept, "two") == arrivals(kept, "three") == []


def test_what_is_kept_is_not_looked_at_one_by_one() -> None:
    looked: list[float] = []

    class Watched(dict[str, float]):
        def __getitem__(self, name: str) -> float:
            looked.append(0)
            return super().__getitem__(name)

    kept = stream(one=[])
    kept["shards"]["one"]["records"] += [
        Watched(ApproximateArrivalTimestamp=float(at)) for at in range(100_000)
    ]

    forgetting(lambda: 25 * HOUR)(kept)

    assert len(looked) < 20
    assert len(kept["shards"]["one"]["records"]) == 100_000 - HOUR
