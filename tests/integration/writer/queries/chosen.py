"""What Trino is asked about the golden messages: each question on days that decide something.

``tests/unit/queries/test_chosen.py`` says what "decides" means.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from integration.writer.queries.by_hand import MARCH, WALKS
from unit.queries.asking import Case
from unit.queries.reference import Asked

OF_A_PLAN = replace(MARCH, segment="traits.plan=pro\ntraits[\"the team\"]=core; 'one'")
OF_A_PAGE = replace(MARCH, segment="path=/a\n!consent\nproperties.total!=12.5")
KOLKATA = Asked(date(2026, 3, 28), date(2026, 3, 31), time_zone="Asia/Kolkata", bots="include")
ST_JOHNS = Asked(date(2026, 3, 29), date(2026, 3, 30), time_zone="America/St_Johns")
OF_AN_APP = replace(MARCH, app="app")
OF_BOTS = replace(MARCH, bots="only")
BEFORE = Asked(date(2026, 3, 20), date(2026, 3, 25))
LONG = Asked(date(2026, 2, 9), date(2026, 4, 5))
LONG_IN_BERLIN = replace(LONG, time_zone="Europe/Berlin")
QUIET = Asked(date(2026, 5, 1), date(2026, 5, 3))

MONDAYS = {"period": "week", "week_start": "monday"}
SUNDAYS = {"period": "week", "week_start": "sunday"}
ODD = 'it\'s; "ünï" ✓ --'

ON_TRINO: Sequence[tuple[Case, Asked]] = (
    (Case("active_users", {"period": "day"}), KOLKATA),
    (Case("active_users", SUNDAYS), MARCH),
    (Case("active_users", {"period": "month"}), LONG),
    (Case("stickiness", {}), LONG),
    (Case("new_and_returning", {"period": "day"}), ST_JOHNS),
    (Case("new_and_returning", MONDAYS), LONG),
    (Case("sessions_by_day", {}), ST_JOHNS),
    (Case("entry_pages", {}), OF_A_PLAN),
    (Case("exit_pages", {}), MARCH),
    (Case("engagement", {}), BEFORE),
    (Case("loyalty", {}), LONG_IN_BERLIN),
    (Case("page_views_by_day", {}), OF_BOTS),
    (Case("top_pages", {}), MARCH),
    (Case("link_clicks", {}), MARCH),
    (Case("referrers", {}), OF_AN_APP),
    (Case("channels", {}), OF_BOTS),
    (Case("campaigns", {}), LONG),
    (Case("attribution", {"event": "order_paid", "within_days": "2"}), BEFORE),
    (Case("conversions", {"event": "order_paid"}), OF_AN_APP),
    (Case("breakdown_by_property", {"event": "", "property": '$["delivery type"]'}), MARCH),
    (Case("breakdown_by_property", {"event": ODD, "property": '$["delivery type"]'}), MARCH),
    (Case("breakdown_by_property", {"event": "order_paid", "property": "$.total"}), LONG),
    (Case("breakdown_by_column", {"event": "page_view", "column": "consent"}), MARCH),
    (Case("funnel", {"steps": '["A", "B", "C"]', "window_hours": "2"}), WALKS),
    (Case("funnel", {"steps": '["page_view", "order_paid"]'}), OF_AN_APP),
    (Case("retention", {"period": "day", "mode": "first"}), KOLKATA),
    (Case("retention", {"period": "day", "mode": "rolling"}), BEFORE),
    (Case("retention", MONDAYS | {"mode": "rolling"}), LONG),
    (Case("retention", SUNDAYS | {"mode": "first"}), LONG),
    (Case("retention", SUNDAYS | {"mode": "recurring"}), MARCH),
    (Case("retention", {"event": "order_paid"}), LONG),
    (Case("paths_from_page", {"page": "/a"}), MARCH),
    (Case("paths_to_page", {"page": "/a"}), OF_A_PLAN),
    (Case("web_vitals", {}), MARCH),
    (Case("user_timeline", {"user": "ada-laptop"}), MARCH),
    (Case("user_timeline", {"user": "odd 'quotes; -- \" ünï✓"}), MARCH),
    (Case("consent", {}), OF_A_PAGE),
    (Case("bots", {}), replace(KOLKATA, bots="exclude")),
    (Case("data_quality", {}), MARCH),
    (Case("freshness", {}), OF_AN_APP),
    (Case("latest_events", {}), OF_BOTS),
)
"""Each question and each kind of it; with ``by_hand.py``, each zone and each kind of days."""

OF_NOTHING: Sequence[tuple[Case, Asked]] = (
    (Case("sessions_by_day", {}), QUIET),
    (Case("loyalty", {}), QUIET),
    (Case("retention", {"period": "day"}), QUIET),
    (Case("failed_records", {}), QUIET),
    (Case("audit", {}), MARCH),
)
"""Those that are meant to find nothing."""
