"""The pack's answers worked out in plain Python, row by row, from docs/definitions.md.

Rows are dicts by the tables' column names, with naive UTC times. It shares nothing with the SQL.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
Answer = list[tuple[Any, ...]]

IDENTITY: Final = (
    "app_id", "event_id", "message_type", "event_type", "user_id", "anonymous_id", "group_id",
    "properties",
)  # fmt: skip
PAGES: Final = ("page_view", "screen_view")
PASSIVE: Final = ("page_leave", "web_vitals", "error", "messages_dropped")


@dataclass(frozen=True)
class Lake:
    """All rows of the three tables."""

    events: Sequence[Row]
    identifies: Sequence[Row] = ()
    failed_records: Sequence[Row] = ()


@dataclass(frozen=True)
class Asked:
    """The common parameters."""

    start: date
    end: date
    app: str = ""
    time_zone: str = "UTC"
    bots: str = "exclude"
    segment: str = ""

    def day(self, moment: datetime) -> date:
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(n) for n in range((self.end - self.start).days + 1)]

    def wants(self, row: Row) -> bool:
        is_bot = bool(row["is_bot"])
        return self.app in ("", row["app_id"]) and (
            self.bots == "include" or is_bot == (self.bots == "only")
        )


@dataclass
class Session:
    """A session and its events, in order."""

    events: list[Row] = field(default_factory=list)

    @property
    def person(self) -> str:
        return str(self.events[0]["person"])

    @property
    def began(self) -> datetime:
        return self.events[0]["event_time"]  # type: ignore[no-any-return]

    @property
    def seconds(self) -> float:
        return milliseconds(self.began, self.events[-1]["event_time"]) / 1000

    @property
    def pages(self) -> list[Row]:
        return [row for row in self.events if row["event_type"] in PAGES]

    @property
    def interactions(self) -> int:
        return sum(is_interactive(row) for row in self.events)

    @property
    def is_measured(self) -> bool:
        return any(engaged_ms(row) is not None for row in self.events)

    @property
    def engaged_seconds(self) -> float:
        if self.is_measured:
            return sum(engaged_ms(row) or 0 for row in self.events) / 1000
        pairs = zip(self.events, self.events[1:], strict=False)
        spent = [
            min(milliseconds(row["event_time"], after["event_time"]), 300_000)
            for row, after in pairs
            if row["event_type"] in PAGES
        ]
        return sum(spent) / 1000

    @property
    def is_bounce(self) -> bool:
        return len(self.pages) < 2 and self.engaged_seconds < 10 and not self.interactions

    @property
    def score(self) -> float:
        return (
            40 * min(self.engaged_seconds / 60, 1)
            + 30 * min(len(self.pages) / 5, 1)
            + 30 * min(self.interactions / 3, 1)
        )

    def landing(self, column: str) -> Any:  # noqa: ANN401 -- any column
        return self.pages[0][column] if self.pages else None

    @property
    def referrer_host(self) -> str | None:
        host, own = self.landing("referrer_host"), self.landing("host")
        is_own = host is not None and bare(host) == bare(own or "")
        return None if is_own or host in SIGN_IN else host

    @property
    def source(self) -> str | None:
        source = self.landing("utm_source") or self.referrer_host
        return source.lower() if source else None

    @property
    def channel(self) -> str:
        medium = (self.landing("utm_medium") or "").lower()
        source = self.source or ""
        if self.landing("click_ids") or re.fullmatch("cpc|ppc|paid.*|display|banner", medium):
            return "paid"
        for name, hosts in HOSTS:
            if name == "email" and medium in ("email", "e-mail", "newsletter"):
                return name
            if bare(source) in hosts:
                return name
        if self.landing("utm_source") or self.landing("utm_campaign"):
            return "campaign"
        return "referral" if source else "direct"


HOSTS: Final = (
    ("AI assistant", ("chatgpt.com", "perplexity.ai", "claude.ai", "gemini.google.com")),
    ("email", ("mail.google.com",)),
    ("search", ("google", "google.com", "google.co.uk", "bing.com", "duckduckgo.com")),
    ("social", ("facebook.com", "t.co", "linkedin.com", "reddit.com", "instagram.com")),
)
"""Those that the tests' rows have, without ``www.``."""

SIGN_IN: Final = ("accounts.google.com",)
"""The sign-in page that they have."""


def bare(host: str) -> str:
    return host.removeprefix("www.")


def milliseconds(first: datetime, last: datetime) -> int:
    return math.floor((last - first) / timedelta(milliseconds=1))


def properties(row: Row) -> Mapping[str, Any]:
    return json.loads(row["properties"] or "{}")  # type: ignore[no-any-return]


def page_of(row: Row) -> str | None:
    """Return the path, or the name of a screen that has none."""
    if row["path"] is not None:
        return str(row["path"])
    return scalar(at_path(json.loads(row["context"] or "{}"), '["$message"].name'))


def number(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def scalar(value: object) -> str | None:
    if isinstance(value, str) or value is None:
        return value
    return None if isinstance(value, dict | list) else json.dumps(value)


def at_path(value: Any, path: str) -> Any:  # noqa: ANN401 -- of JSON
    """Return what stands at the end of a JSON path, None if nothing does."""
    for key, quoted, index in re.findall(r'\.(\w+)|\["([^"]+)"\]|\[(\d+)\]', path):
        if index:
            value = (
                value[int(index)] if isinstance(value, list) and int(index) < len(value) else None
            )
        else:
            value = value.get(key or quoted) if isinstance(value, dict) else None
    return value


@dataclass(frozen=True)
class Condition:
    """A line of a segment; without ``wanted``, any value is."""

    name: str
    is_negated: bool
    wanted: str | None

    @classmethod
    def of(cls, line: str) -> "Condition":
        is_quoted = False
        for place, char in enumerate(line):
            is_quoted ^= char == '"'
            if char == "=" and not is_quoted:
                name = line[:place]
                return cls(name.removesuffix("!"), name.endswith("!"), line[place + 1 :])
        return cls(line.removeprefix("!"), line.startswith("!"), None)

    def holds(self, value: str | None) -> bool:
        is_so = value is not None and self.wanted in (None, value)
        return is_so != self.is_negated


def engaged_ms(row: Row) -> float | None:
    return number(properties(row).get("engaged_ms")) if row["event_type"] == "page_leave" else None


def is_interactive(row: Row) -> bool:
    if row["message_type"] != "track" or row["event_type"] in PASSIVE:
        return False
    return scalar(properties(row).get("nonInteraction")) not in ("true", "1")


def first_appearances(events: Iterable[Row]) -> list[Row]:
    """Leave out the repeats of what was loaded within three days."""
    seen: set[Hashable] = set()
    kept = []
    for row in sorted(events, key=position):
        identity = tuple(row[name] for name in IDENTITY)
        is_recent = datetime.now(UTC).replace(tzinfo=None) - row["load_time"] <= timedelta(days=3)
        if is_recent and identity in seen:
            continue
        if is_recent:
            seen.add(identity)
        kept.append(row)
    return kept


def position(row: Row) -> tuple[Any, ...]:
    return (
        row["load_time"], int(row["ingest_sequence"]), row["ingest_index"], row["ingest_shard"]
    )  # fmt: skip


def people(identifies: Iterable[Row]) -> Callable[[str, str], str]:
    """Return what tells the person behind an id of an app."""
    links: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in identifies:
        if row["prev_user_id"] != row["new_user_id"]:
            links[row["app_id"], row["prev_user_id"]].add(row["new_user_id"])

    def next_id(app: str, user: str) -> str:
        known = links.get((app, user), set())
        return next(iter(known)) if len(known) == 1 else user

    def person(app: str, user: str) -> str:
        ends = {next_id(app, known) for known in links.get((app, user), set())}
        return ends.pop() if len(ends) == 1 else user

    return person


class Reference:
    """The answers about a lake."""

    def __init__(self, every: Lake) -> None:
        visitors = [row for row in every.events if row["app_id"] != "headwater-canary"]
        lake = replace(every, events=visitors)
        person = people(lake.identifies)
        self.rows = [
            {**row, "person": person(row["app_id"], row["user_id"])}
            for row in sorted(
                first_appearances(lake.events), key=lambda row: (row["event_time"], row["event_id"])
            )
        ]
        self.every, self.lake = every, lake
        self.person = person
        self.told: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
        for row in sorted(
            lake.identifies, key=lambda row: (row["event_time"], row["event_id"]), reverse=True
        ):
            if row["app_id"] != "headwater-canary":
                traits = json.loads(row["traits"] or "{}")
                self.told[person(row["app_id"], row["new_user_id"])].append((row["app_id"], traits))

    def is_in(self, asked: Asked, row: Row) -> bool:
        conditions = [Condition.of(line) for line in asked.segment.split("\n") if line]
        return all(each.holds(self._looked_at(each.name, asked, row)) for each in conditions)

    def _looked_at(self, name: str, asked: Asked, row: Row) -> str | None:
        if name.startswith("properties"):
            return scalar(at_path(properties(row), name.removeprefix("properties")))
        if name.startswith("traits"):
            path = name.removeprefix("traits")
            told = (
                scalar(at_path(traits, path))
                for app, traits in self.told[row["person"]]
                if asked.app in ("", app)
            )
            return next((value for value in told if value is not None), None)
        return row[name]  # type: ignore[no-any-return]

    def hits(self, asked: Asked) -> list[Row]:
        return [
            {**row, "day": asked.day(row["event_time"])}
            for row in self.rows
            if asked.wants(row)
            and asked.holds(asked.day(row["event_time"]))
            and self.is_in(asked, row)
        ]

    def all_sessions(self, asked: Asked) -> list[Session]:
        with_id: dict[tuple[str, str], Session] = {}
        latest: dict[tuple[str, str], Session] = {}
        sessions = []
        for row in filter(asked.wants, self.rows):
            if row["session_id"] is not None:
                key = (row["app_id"], row["session_id"])
                session = with_id.get(key)
            else:
                key = (row["app_id"], row["person"])
                session = latest.get(key)
                if session:
                    gap = row["event_time"] - session.events[-1]["event_time"]
                    session = session if gap < timedelta(minutes=30) else None
            if session is None:
                session = Session()
                sessions.append(session)
                (with_id if row["session_id"] is not None else latest)[key] = session
            session.events.append(row)
        return sessions

    def sessions(self, asked: Asked) -> list[Session]:
        return [
            each
            for each in self.all_sessions(asked)
            if asked.holds(asked.day(each.began))
            and any(self.is_in(asked, row) for row in each.events)
        ]

    def first_days(self, asked: Asked, event: str = "") -> Mapping[str, date]:
        first: dict[str, date] = {}
        for row in self.rows:
            day = asked.day(row["event_time"])
            is_in = asked.wants(row) and self.is_in(asked, row)
            if is_in and event in ("", row["event_type"]):
                first[row["person"]] = min(first.get(row["person"], day), day)
        return first

    def active_users(self, asked: Asked, period: str = "day", week_start: str = "monday") -> Answer:
        hits = self.hits(asked)
        answer = []
        for start in sorted({starts(day, period, week_start) for day in asked.days}):
            active = [
                row["person"] for row in hits if starts(row["day"], period, week_start) == start
            ]
            answer.append((start, len(set(active)), len(active)))
        return answer

    def stickiness(self, asked: Asked) -> Answer:
        wide = replace(asked, start=asked.start - timedelta(30))
        hits = self.hits(wide)

        def users(day: date, days: int) -> int:
            return len({row["person"] for row in hits if 0 <= (day - row["day"]).days < days})

        return [
            (
                day,
                users(day, 1),
                users(day, 7),
                users(day, 30),
                share(users(day, 1), users(day, 30)),
            )
            for day in asked.days
        ]

    def new_and_returning(
        self, asked: Asked, period: str = "day", week_start: str = "monday"
    ) -> Answer:
        hits, first = self.hits(asked), self.first_days(asked)
        answer = []
        for start in sorted({starts(day, period, week_start) for day in asked.days}):
            active = {
                row["person"] for row in hits if starts(row["day"], period, week_start) == start
            }
            new = sum(first[person] >= start for person in active)
            answer.append((start, len(active), new, len(active) - new))
        return answer

    def sessions_by_day(self, asked: Asked) -> Answer:
        answer = []
        for day in asked.days:
            of_day = [each for each in self.sessions(asked) if asked.day(each.began) == day]
            bounces = sum(each.is_bounce for each in of_day)
            answer.append((
                day,
                len(of_day),
                len({each.person for each in of_day}),
                mean([each.seconds for each in of_day]),
                nearest_rank([each.seconds for each in of_day], 2),
                mean([len(each.pages) for each in of_day]),
                bounces,
                share(bounces, len(of_day)),
                sum(len(each.pages) == 1 for each in of_day),
                mean([each.engaged_seconds for each in of_day]),
                estimated_of(of_day),
            ))  # fmt: skip
        return answer

    def entry_pages(self, asked: Asked) -> Answer:
        return self._pages(asked, 0)

    def exit_pages(self, asked: Asked) -> Answer:
        return self._pages(asked, -1)

    def _pages(self, asked: Asked, place: int) -> Answer:
        return [
            (page, len(group), users_of(group), bounces_of(group), bounce_rate(group))
            for page, group in grouped(
                self.sessions(asked),
                lambda each: page_of(each.pages[place]) if each.pages else None,
            )
        ]

    def engagement(self, asked: Asked) -> Answer:
        answer = []
        for day in asked.days:
            of_day = [each for each in self.sessions(asked) if asked.day(each.began) == day]
            engaged = len(of_day) - bounces_of(of_day)
            answer.append((
                day,
                len(of_day),
                users_of(of_day),
                sum(len(each.events) for each in of_day),
                mean([len(each.events) for each in of_day]),
                mean([each.seconds for each in of_day]),
                mean([each.engaged_seconds for each in of_day]),
                estimated_of(of_day),
                engaged,
                share(engaged, len(of_day)),
                mean([each.score for each in of_day]),
            ))  # fmt: skip
        return answer

    def loyalty(self, asked: Asked) -> Answer:
        days: dict[str, set[date]] = defaultdict(set)
        for row in self.hits(asked):
            days[row["person"]].add(row["day"])
        counts = [len(visited) for visited in days.values()]
        loyal = sum(count >= 2 for count in counts)
        scores = [100 * (1 - 1 / count) for count in counts]
        return [(len(counts), loyal, share(loyal, len(counts)), mean(counts), mean(scores))]

    def page_views_by_day(self, asked: Asked) -> Answer:
        answer = []
        for day in asked.days:
            views = [
                row["person"]
                for row in self.hits(asked)
                if row["day"] == day and row["event_type"] in PAGES
            ]
            answer.append((day, len(views), len(set(views)), share(len(views), len(set(views)))))
        return answer

    def top_pages(self, asked: Asked) -> Answer:
        hits = self.hits(asked)
        views = [row for row in hits if row["event_type"] in PAGES]
        leaves: dict[Any, dict[Any, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in hits:
            if row["event_type"] == "page_leave":
                view = row["page_view_id"] or row["event_id"]
                leaves[row["host"], page_of(row)][view].append(row)
        answer = []
        for (host, page), group in grouped(views, lambda row: (row["host"], page_of(row))):
            seconds, depths = [], []
            for left in leaves[host, page].values():
                spent = known(engaged_ms(row) for row in left)
                seen = known(number(properties(row).get("scroll_depth")) for row in left)
                seconds += [sum(spent) / 1000] if spent else []
                depths += [max(seen)] if seen else []
            answer.append((host, page, len(group), people_of(group), mean(seconds), mean(depths)))
        return answer

    def link_clicks(self, asked: Asked) -> Answer:
        clicks = [row for row in self.hits(asked) if row["event_type"] == "link_click"]

        def key(row: Row) -> tuple[Any, ...]:
            told = properties(row)
            return (scalar(told.get("href")), row["path"], scalar(told.get("outbound")) == "true")

        return [(*of, len(group), people_of(group)) for of, group in grouped(clicks, key)]

    def referrers(self, asked: Asked) -> Answer:
        return [
            (host, len(group), users_of(group), bounce_rate(group))
            for host, group in grouped(self.sessions(asked), lambda each: each.referrer_host)
        ]

    def channels(self, asked: Asked) -> Answer:
        return [
            (
                channel,
                len(group),
                users_of(group),
                bounce_rate(group),
                mean([each.engaged_seconds for each in group]),
                estimated_of(group),
            )
            for channel, group in grouped(self.sessions(asked), lambda each: each.channel)
        ]

    def campaigns(self, asked: Asked) -> Answer:
        names = ("utm_source", "utm_medium", "utm_campaign")

        def key(each: Session) -> tuple[Any, ...]:
            return tuple(each.landing(name) for name in names)

        return [
            (*campaign, len(group), users_of(group), bounce_rate(group))
            for campaign, group in grouped(self.sessions(asked), key)
            if any(part is not None for part in campaign)
        ]

    def attribution(
        self,
        asked: Asked,
        event: str,
        value: str = "$.total",
        model: str = "last",
        within_days: str = "30",
    ) -> Answer:
        sessions = [each for each in self.all_sessions(asked) if each.channel != "direct"]
        credited = []
        for row in self.hits(asked):
            if row["event_type"] != event:
                continue
            touches = [
                each
                for each in sessions
                if each.person == row["person"]
                and timedelta() <= row["event_time"] - each.began <= timedelta(int(within_days))
            ]
            touch = touches[0 if model == "first" else -1] if touches else None
            credited.append((row, touch.channel if touch else "direct", touch and touch.source))
        return [
            (
                *of,
                len(group),
                len({row["person"] for row, *_ in group}),
                total([worth(row, value) for row, *_ in group]),
            )
            for of, group in grouped(credited, lambda each: each[1:])
        ]

    def conversions(self, asked: Asked, event: str, value: str = "$.total") -> Answer:
        answer = []
        for day in asked.days:
            of_day = [row for row in self.hits(asked) if row["day"] == day]
            converted = [row for row in of_day if row["event_type"] == event]
            answer.append((
                day,
                len(converted),
                people_of(converted),
                share(people_of(converted), people_of(of_day)),
                total([worth(row, value) for row in converted]),
            ))  # fmt: skip
        return answer

    def breakdown_by_property(self, asked: Asked, event: str, property: str) -> Answer:  # noqa: A002
        hits = [row for row in self.hits(asked) if event in ("", row["event_type"])]
        name = key_of(property)
        return [
            (value, len(group), people_of(group))
            for value, group in grouped(hits, lambda row: scalar(properties(row).get(name)))
        ]

    def breakdown_by_column(
        self, asked: Asked, event: str = "", column: str = "device_type"
    ) -> Answer:
        hits = [row for row in self.hits(asked) if event in ("", row["event_type"])]
        return [
            (value, len(group), people_of(group))
            for value, group in grouped(hits, lambda row: row[column])
        ]

    def funnel(self, asked: Asked, steps: str, window_hours: str = "24") -> Answer:
        names, window = json.loads(steps), timedelta(hours=int(window_hours))
        by_person = grouped(self.hits(asked), lambda row: row["person"])
        quickest: list[list[int]] = [[] for _ in names]
        for _, rows in by_person:
            for step in range(len(names)):
                ways = [
                    milliseconds(began, end)
                    for began, end in ways_through(rows, names[: step + 1])
                    if end - began <= window
                ]
                quickest[step] += [min(ways)] if ways else []
        users = [len(found) for found in quickest]
        return [
            (
                step + 1,
                name,
                users[step],
                share(users[step], users[0]),
                share(users[step], users[step - 1]) if step else None,
                rank / 1000 if (rank := nearest_rank(quickest[step], 2)) is not None else None,
            )
            for step, name in enumerate(names)
        ]

    def retention(
        self,
        asked: Asked,
        event: str = "",
        period: str = "week",
        week_start: str = "monday",
        mode: str = "first",
    ) -> Answer:
        length = timedelta(7 if period == "week" else 1)
        first = self.first_days(asked, event)
        active: dict[date, set[str]] = defaultdict(set)
        for row in self.hits(replace(asked, start=starts(asked.start, period, week_start))):
            if event in ("", row["event_type"]):
                active[starts(row["day"], period, week_start)].add(row["person"])
        periods = sorted({starts(day, period, week_start) for day in asked.days})
        today = asked.day(datetime.now(UTC).replace(tzinfo=None))
        answer = []
        for cohort in periods:
            members = {
                person
                for person in active[cohort]
                if mode == "recurring" or starts(first[person], period, week_start) == cohort
            }
            for later in [each for each in periods if each >= cohort]:
                until = periods[-1] if mode == "rolling" else later
                back = members & set().union(*(active[p] for p in periods if later <= p <= until))
                last = later + length - timedelta(1)
                answer.append((
                    cohort,
                    (later - cohort) // length,
                    len(members),
                    len(back),
                    share(len(back), len(members)),
                    last > asked.end or last >= today,
                ))  # fmt: skip
        return answer

    def paths_from_page(self, asked: Asked, page: str) -> Answer:
        return self._paths(asked, page, 0, 1)

    def paths_to_page(self, asked: Asked, page: str) -> Answer:
        return self._paths(asked, page, 0, -1)

    def _paths(self, asked: Asked, page: str, anchor: int, direction: int) -> Answer:
        steps: Counter[tuple[int, Any]] = Counter()
        for session in self.sessions(asked):
            pages = [page_of(row) for row in session.pages]
            if page not in pages:
                continue
            place = pages.index(page) + anchor
            for step in (1, 2, 3):
                other = place + direction * step
                steps[step, pages[other] if 0 <= other < len(pages) else None] += 1
        return [(*key, count) for key, count in steps.items()]

    def web_vitals(self, asked: Asked) -> Answer:
        values: dict[str, list[float]] = defaultdict(list)
        for row in self.hits(asked):
            if row["event_type"] == "web_vitals":
                for name in ("lcp", "inp", "cls", "fcp", "ttfb"):
                    value = number(properties(row).get(name))
                    values[name] += known([value])
        return [
            (name, len(found), sorted(found)[math.ceil(0.75 * len(found)) - 1])
            for name, found in values.items()
            if found
        ]

    def user_timeline(self, asked: Asked, user: str) -> Answer:
        person = {user} | {
            self.person(row["app_id"], user)
            for row in self.lake.identifies
            if row["prev_user_id"] == user
        }
        columns = ("event_time", "event_type", "app_id", "session_id", "path", "properties")
        return [
            tuple(row[name] for name in columns)
            for row in self.hits(asked)
            if row["person"] in person
        ]

    def consent(self, asked: Asked) -> Answer:
        hits = self.hits(asked)
        return [
            (consent, len(group), people_of(group), share(len(group), len(hits)))
            for consent, group in grouped(hits, lambda row: row["consent"])
        ]

    def bots(self, asked: Asked) -> Answer:
        both = replace(asked, bots="include")
        answer = []
        for day in asked.days:
            of_day = [row for row in self.hits(both) if row["day"] == day]
            bots = [row for row in of_day if row["is_bot"]]
            humans = [row for row in of_day if not row["is_bot"]]
            answer.append((
                day, len(humans), people_of(humans), len(bots), people_of(bots),
                share(len(bots), len(of_day)),
            ))  # fmt: skip
        return answer

    def data_quality(self, asked: Asked) -> Answer:
        both = replace(asked, bots="include", segment="")
        answer = []
        for day in asked.days:
            of_day = [row for row in self.hits(both) if row["day"] == day]
            late = sum(
                row["server_event_time"] - row["event_time"] > timedelta(hours=24) for row in of_day
            )
            stored = sum(
                asked.app in ("", row["app_id"]) and asked.day(row["event_time"]) == day
                for row in self.lake.events
            )
            failed = [
                row["stage"] == "collector"
                for row in self.lake.failed_records
                if asked.app in ("", row["app_id"]) and asked.day(row["failed_at"]) == day
            ]
            clamped = sum(row["time_source"] == "clamped" for row in of_day)
            answer.append((
                day,
                len(of_day),
                late,
                share(late, len(of_day)),
                clamped,
                share(clamped, len(of_day)),
                stored - len(of_day),
                share(stored - len(of_day), stored),
                sum(failed),
                len(failed) - sum(failed),
            ))  # fmt: skip
        return answer

    def failed_records(self, asked: Asked) -> Answer:
        failed = [
            row
            for row in self.lake.failed_records
            if asked.app in ("", row["app_id"]) and asked.holds(asked.day(row["failed_at"]))
        ]
        names = ("stage", "reason", "app_id")
        return [
            (*of, len(group), max(row["failed_at"] for row in group))
            for of, group in grouped(failed, lambda row: tuple(row[name] for name in names))
        ]

    def freshness(self, asked: Asked) -> Answer:
        both = replace(asked, bots="include")
        return [
            (
                app,
                len(group),
                max(row["event_time"] for row in group),
                max(row["load_time"] for row in group),
            )
            for app, group in grouped(self.hits(both), lambda row: row["app_id"])
        ]

    def latest_events(self, asked: Asked) -> Answer:
        newest = sorted(self.hits(asked), key=lambda row: row["event_id"])
        newest.sort(key=lambda row: row["event_time"], reverse=True)
        columns = ("event_time", "event_type", "app_id", "person", "path", "properties")
        return [tuple(row[name] for name in columns) for row in newest[:100]]

    def audit(self) -> Answer:
        answer = []
        for table, rows in (
            ("events", self.every.events),
            ("identifies", self.lake.identifies),
            ("failed_records", self.lake.failed_records),
        ):
            names = ("ingest_shard", "ingest_sequence", "ingest_index")
            counts = Counter(tuple(row[name] for name in names) for row in rows)
            answer += [(table, *at, copies) for at, copies in counts.items() if copies > 1]
        return answer


def starts(day: date, period: str, week_start: str) -> date:
    match period:
        case "month":
            return day.replace(day=1)
        case "week":
            into = day.weekday() if week_start == "monday" else (day.weekday() + 1) % 7
            return day - timedelta(into)
        case _:
            return day


def ways_through(rows: Sequence[Row], names: Sequence[str]) -> list[tuple[datetime, datetime]]:
    """Return when each way through all steps began and ended: every one there is."""
    ways = [(row["event_time"], row["event_time"]) for row in rows if row["event_type"] == names[0]]
    for name in names[1:]:
        ways = list({
            (began, row["event_time"])
            for began, end in ways
            for row in rows
            if row["event_type"] == name and row["event_time"] > end
        })  # fmt: skip
    return ways


def key_of(path: str) -> str:
    return path.removeprefix("$.") if path.startswith("$.") else path[3:-2]


def worth(row: Row, path: str) -> float | None:
    value = properties(row).get(key_of(path))
    return number(scalar(value))


def grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> list[tuple[Any, list[Any]]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return list(groups.items())


def users_of(sessions: Iterable[Session]) -> int:
    return len({each.person for each in sessions})


def bounces_of(sessions: Iterable[Session]) -> int:
    return sum(each.is_bounce for each in sessions)


def bounce_rate(sessions: Sequence[Session]) -> float | None:
    return share(bounces_of(sessions), len(sessions))


def estimated_of(sessions: Iterable[Session]) -> int:
    return sum(not each.is_measured for each in sessions)


def people_of(rows: Iterable[Row]) -> int:
    return len({row["person"] for row in rows})


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def total(values: Iterable[float | None]) -> float | None:
    there = known(values)
    return sum(there) if there else None


def known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def nearest_rank(values: Sequence[float], parts: int) -> float | None:
    """Return the smallest value that 1/``parts`` of the values do not exceed."""
    return sorted(values)[math.ceil(len(values) / parts) - 1] if values else None
