from typing import Any

import msgspec
import pytest

from headwater_writer.replay.request import Backfill, GivenUp, Replay, request


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        ({"replay": {}}, Replay()),
        ({"replay": {"stage": "plan", "dry_run": True}}, Replay(stage="plan", dry_run=True)),
        (
            {"replay": {"from": "2026-01-31", "to": "2026-02-01T01:00+02:00"}},
            Replay(since="2026-01-31", until="2026-02-01T01:00+02:00"),
        ),
        (
            {"replay": {"app": "shop", "reason": "100%", "shard": "c/s", "sequence": "7"}},
            Replay(app="shop", reason="100%", shard="c/s", sequence="7"),
        ),
        ({"replay": {"after": ["clicks/shard", "7"]}}, Replay(after=("clicks/shard", "7"))),
        ({"replay": {"stage": None, "after": None}}, Replay()),
        ({"given_up": {}}, GivenUp()),
        ({"given_up": {"alarm": True}}, GivenUp(alarm=True)),
        ({"backfill": {"source": "s3://b/a"}}, Backfill(source="s3://b/a")),
        (
            {"backfill": {"source": "s3://b/a", "app": "shop", "after": ["a/x.gz", 7]}},
            Backfill(source="s3://b/a", app="shop", after=("a/x.gz", 7)),
        ),
    ],
)
def test_reads_what_is_asked_for(event: dict[str, Any], asked: Replay | GivenUp | Backfill) -> None:
    assert request(event) == asked


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"replay": {"stages": "plan"}},
        {"replay": {"dry-run": True}},
        {"replay": {"app": 7}},
        {"replay": {"app": ["shop"]}},
        {"replay": {"stage": "shapes"}},
        {"replay": {"from": "yesterday"}},
        {"replay": {"reason": ""}},
        {"replay": {"reason": "\ud800"}},
        {"replay": {"after": ["clicks/shard", "\ud800"]}},
        {"replay": "all"},
        {"replay": {"dry_run": "yes"}},
        {"replay": {}, "given_up": {}},
        {"rewind": {}},
        {"replays": {}},
        {"given_up": []},
        {"backfill": {}},
        {"backfill": {"source": ""}},
        {"backfill": {"source": "s3://b/a", "app": ""}},
        {"backfill": {"source": "s3://b/a", "after": ["a/x.gz", -1]}},
        {"backfill": {"source": "s3://b/a", "dry_run": True}},
        {"backfill": {"source": "s3://b/a"}, "replay": {}},
    ],
)
def test_passes_nothing_over(event: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        request(event)


@pytest.mark.parametrize("name", ["where", "stages", "since", "From", "dry-run", "app_id"])
def test_says_which_fields_a_replay_takes(name: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        request({"replay": {name: "true", "dry_run": True}})

    assert str(refused.value) == (
        f"'{name}' is not a field of `replay`: the fields are "
        "stage, app, from, to, reason, shard, sequence, dry_run, after"
    )


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            {"rewind": {}},
            "'rewind' is not a field of an event: the fields are replay, given_up, backfill",
        ),
        (
            {"given_up": {"alarms": True}},
            "'alarms' is not a field of `given_up`: the fields are alarm",
        ),
    ],
)
def test_says_what_else_can_be_asked_for(event: dict[str, Any], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        request(event)


def test_asks_for_the_rest_by_the_same_fields() -> None:
    asked = {"stage": "plan", "from": "2026-01-31", "after": ["clicks/shard", "7"]}

    rest = msgspec.json.decode(msgspec.json.encode(request({"replay": asked})))

    assert rest == asked
