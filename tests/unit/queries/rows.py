"""Rows of the tables for tests of the pack: by hand, or by chance."""

import json
import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import duckdb
import pyarrow as pa

from headwater_contract.canary import CANARY_APP
from headwater_contract.tables import TABLES
from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import SETTINGS, to_duckdb
from headwater_writer.lake.arrow import schema
from unit.queries.reference import Lake, Row

LOADED: Final = datetime(2026, 6, 1, 12)  # noqa: DTZ001 -- as tables have it


def in_duckdb(lake: Lake) -> duckdb.DuckDBPyConnection:
    """Return a connection with the lake's tables, in memory."""
    connection = duckdb.connect()
    for setting in SETTINGS:
        connection.execute(setting)
    for name, rows in in_arrow(lake).items():
        connection.register("rows", rows)
        connection.execute(f"create table {name} as select * from rows")
        connection.unregister("rows")
    return connection


def in_arrow(lake: Lake) -> Mapping[str, pa.Table]:
    """Return the lake's tables by name; a column that a row lacks is null."""
    return {
        table.name: pa.Table.from_pylist(
            [dict(row) for row in getattr(lake, table.name)], schema(table)
        )
        for table in TABLES
    }


def answer_of(
    connection: duckdb.DuckDBPyConnection, name: str, arguments: Mapping[str, str]
) -> list[tuple[Any, ...]]:
    """Ask DuckDB a question of the pack."""
    return connection.execute(to_duckdb(pack.render(name, arguments))).fetchall()


def event(number: int, moment: datetime, **columns: object) -> Row:
    """Return a row of ``events``; what is not given is null or ordinary."""
    names = [column.name for column in TABLES[0].columns]
    event_type = columns.get("event_type", "page_view")
    usual = {
        "event_time": moment,
        "event_id": f"e-{number:04}",
        "event_type": event_type,
        "message_type": _MESSAGE_TYPES.get(str(event_type), "track"),
        "app_id": "web",
        "user_id": "u-1",
        "is_bot": False,
        "server_event_time": moment,
        "load_time": LOADED,
        "time_source": "client",
        "ingest_shard": "shard",
        "ingest_sequence": str(number),
        "ingest_index": 0,
    }
    return {**dict.fromkeys(names), **usual, **columns}


def identify(number: int, app: str, before: str, after: str, traits: object = None) -> Row:
    """Return a row of ``identifies``; each is a minute later."""
    position = {"ingest_shard": "shard", "ingest_sequence": str(number), "ingest_index": 1}
    told = {
        "event_time": LOADED + timedelta(minutes=number),
        "event_id": f"i-{number:04}",
        "traits": None if traits is None else json.dumps(traits),
    }
    return {"app_id": app, "prev_user_id": before, "new_user_id": after, **told, **position}


def failed(number: int, moment: datetime, stage: str, app: str | None) -> Row:
    """Return a row of ``failed_records``."""
    position = {"ingest_shard": "shard", "ingest_sequence": str(number), "ingest_index": 2}
    return {"failed_at": moment, "stage": stage, "reason": "odd", "app_id": app, **position}


def random_lake(seed: int) -> Lake:
    """Return a few hundred events of some weeks, with what is hard about them."""
    chance = random.Random(seed)  # noqa: S311 -- a seed
    begin = datetime(2026, 3, 1) + timedelta(chance.randrange(20))  # noqa: DTZ001
    events = list(_random_events(chance, begin, chance.randrange(1, 300)))
    again = [
        {**row, "ingest_shard": "other", "load_time": _now()}
        for row in chance.sample(events, len(events) // 10)
        if row["load_time"] > LOADED
    ]
    pairs = [
        (chance.choice(_APPS), f"u-{chance.randrange(8)}", f"u-{chance.randrange(8)}")
        for _ in range(chance.randrange(6))
    ]
    identifies = [
        identify(number, *pair, chance.choice(_TRAITS)) for number, pair in enumerate(pairs)
    ]
    told = [
        identify(number, chance.choice(_APPS), user, user, chance.choice(_TRAITS))
        for number, user in enumerate((f"u-{chance.randrange(8)}" for _ in range(12)), len(pairs))
    ]
    set_aside = [
        failed(number, row["event_time"], chance.choice(_STAGES), chance.choice((*_APPS, None)))
        for number, row in enumerate(chance.sample(events, len(events) // 10))
    ]
    return Lake([*events, *again], [*identifies, *told], set_aside)


_APPS: Final = ("web", "shop")
_SENDERS: Final = (*_APPS * 4, CANARY_APP)
_MESSAGE_TYPES: Final = {"page_view": "page", "screen_view": "screen"}
_TYPES: Final = (
    *("page_view",) * 4,
    *("page_leave", "a", "b", "order_paid", "link_click", "screen_view", "error", "web_vitals"),
)
_STAGES: Final = ("collector", "writer")
_ARRIVALS: Final = (0, 0, 1, 24 * 3600, 24 * 3600 + 1, 80 * 3600)
"""Seconds from an event to its receipt."""
_VITALS: Final = ("lcp", "inp", "cls", "fcp", "ttfb")
_NEVER_WITH_A_SESSION: Final = "u-7"
_PLANS: Final = ("pro", "pro", "", None, 7, "7", True, {"a": 1}, 'it\'s; "ünï" ✓ -- != a=b :start')
_TRAITS: Final = (None, {}, *({"plan": plan, "the team": "core"} for plan in _PLANS))
_HOSTS: Final = (None, None, "www.google.com", "t.co", "chatgpt.com", "example.org", "shop.example")


def _now() -> datetime:
    return datetime.utcnow()  # noqa: DTZ003 -- as tables have it


def _random_events(chance: random.Random, begin: datetime, count: int) -> Iterable[Row]:
    moment, now = begin, _now()
    for number in range(count):
        moment += timedelta(seconds=chance.choice((0, 0, 1, 40, 600, 1799, 1800, 9000, 80_000)))
        event_type = chance.choice(_TYPES)
        user = f"u-{chance.randrange(8)}"
        yield event(
            number,
            moment,
            event_id=f"e-{chance.randrange(10**9):010}",
            event_type=event_type,
            app_id=chance.choice(_SENDERS),
            user_id=user,
            server_event_time=moment + timedelta(seconds=chance.choice(_ARRIVALS)),
            time_source=chance.choice(("client", "client", "clamped")),
            session_id=None
            if user == _NEVER_WITH_A_SESSION
            else chance.choice((None, f"{user}-{moment:%m-%d}")),
            page_view_id=chance.choice(("p", "q")),
            host="shop.example",
            path=chance.choice((None, "/", "/a", "/b")),
            referrer_host=chance.choice(_HOSTS),
            utm_source=chance.choice((None, None, "News", "google")),
            utm_medium=chance.choice((None, None, "cpc", "email")),
            utm_campaign=chance.choice((None, None, "spring")),
            click_ids=chance.choice((None, None, [("gclid", "x")])),
            is_bot=chance.choice((False, False, False, None, True)),
            consent=chance.choice((None, "granted", "gpc")),
            device_type=chance.choice((None, "desktop", "mobile")),
            load_time=chance.choice((LOADED, now)),
            properties=_random_properties(chance, event_type),
        )


def _random_properties(chance: random.Random, event_type: str) -> str | None:
    match event_type:
        case "page_leave":
            engaged = chance.choice((0, 900, 9_999, 10_000, 70_000, None))
            return json.dumps({"engaged_ms": engaged, "scroll_depth": chance.randrange(101)})
        case "order_paid":
            worth = chance.choice((10, 2.5, "12", "12,50", None, [1]))
            return json.dumps({"total": worth, "delivery type": chance.choice(("x", "y"))})
        case "web_vitals":
            return json.dumps({name: chance.choice((0.1, 200, "30", None)) for name in _VITALS})
        case "a":
            nested = {"a=b!": [{"c": chance.choice((4, "4", 5))}]}
            return json.dumps({"plan": chance.choice(_PLANS), **chance.choice(({}, nested))})
        case _:
            return chance.choice((None, '{"nonInteraction": true}', '{"nonInteraction": 1}', "{}"))
