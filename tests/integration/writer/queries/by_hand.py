"""Answers over the golden messages that were worked out by hand: the first columns of each row."""

from collections.abc import Sequence
from datetime import date

from unit.queries.asking import Case
from unit.queries.reference import Asked

MARCH = Asked(date(2026, 3, 25), date(2026, 4, 5))
APIA = Asked(date(2011, 12, 29), date(2012, 1, 1), time_zone="Pacific/Apia")
BERLIN = Asked(date(2026, 3, 29), date(2026, 3, 29), time_zone="Europe/Berlin")
WALKS = Asked(date(2026, 3, 31), date(2026, 4, 2))
MIDWEEK = Asked(date(2026, 4, 1), date(2026, 4, 5))
FIRST_ORDER = {"event": "order_paid", "model": "first"}
BY_HAND: Sequence[tuple[Case, Asked, Sequence[tuple[object, ...]]]] = (
    # Seven people did A; "tie" did B at the instant of A; "again" in the second try; "slow" was a
    # minute late for C, "exact" was not.
    (Case("funnel", {"steps": '["A", "B", "C"]'}), WALKS, [(1, "A", 7), (2, "B", 5), (3, "C", 3)]),
    (Case("funnel", {"steps": '["A", "B", "A"]'}), WALKS, [(1, "A", 7), (2, "B", 5), (3, "A", 1)]),
    (Case("funnel", {"steps": '["A", "A", "A"]'}), WALKS, [(1, "A", 7), (2, "A", 2), (3, "A", 1)]),
    # Apia had no 30 December 2011: noon UTC of the 29th was its 29th, of the 30th its 31st.
    (
        Case("page_views_by_day", {}),
        APIA,
        [
            (date(2011, 12, 29), 1),
            (date(2011, 12, 30), 0),
            (date(2011, 12, 31), 1),
            (date(2012, 1, 1), 1),
        ],
    ),
    # Berlin's 29 March begins at 23:00 UTC: the owl's session is its own, and late's two.
    (Case("sessions_by_day", {}), BERLIN, [(date(2026, 3, 29), 3, 2)]),
    # Ada came by mail in February, by an ad before the first order, on the other device by ChatGPT.
    (
        Case("attribution", {"event": "order_paid"}),
        MARCH,
        [("AI assistant", "chatgpt.com", 1, 1, 7.0), ("paid", None, 1, 1, 12.5)],
    ),
    (Case("attribution", FIRST_ORDER), MARCH, [("paid", None, 2, 1, 19.5)]),
    (
        Case("attribution", FIRST_ORDER | {"within_days": "60"}),
        MARCH,
        [("email", "news", 2, 1, 19.5)],
    ),
    # One came first in the range, twenty on the Monday or Tuesday before it.
    (Case("retention", {}), MIDWEEK, [(date(2026, 3, 30), 0, 21, 21)]),
)
