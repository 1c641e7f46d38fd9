-- How engaged were people, day by day?
-- Engaged seconds: the sum of page_leave.engaged_ms; where a client sends none, the time from each
-- page view to the next event, at most 5 minutes. Bounce: fewer than two page views, under 10 engaged
-- seconds and no interactive event. Engagement score of a session, 0 to 100: 40 for a minute of
-- engagement, 30 for five pages and 30 for three interactive events, each in proportion.
-- Columns: day, sessions, users, events, events_per_session, average_seconds, engaged_seconds
-- (average of a session), estimated_sessions (those whose client measures no engagement),
-- engaged_sessions (that did not bounce), engagement_rate (0 to 1), engagement_score (average of a
-- session).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${sessions}, ${sessions_begun}, ${days}
SELECT
  days.day,
  count(session.person) AS sessions,
  count(DISTINCT session.person) AS users,
  coalesce(sum(session.events), 0) AS events,
  avg(CAST(session.events AS double)) AS events_per_session,
  avg(session.seconds) AS average_seconds,
  avg(session.engaged_seconds) AS engaged_seconds,
  count_if(session.engagement_is = 'estimated') AS estimated_sessions,
  count_if(NOT session.is_bounce) AS engaged_sessions,
  CAST(count_if(NOT session.is_bounce) AS double) / nullif(count(session.person), 0)
    AS engagement_rate,
  avg(
    40 * least(session.engaged_seconds / 60, 1)
    + 30 * least(CAST(session.pages AS double) / 5, 1)
    + 30 * least(CAST(session.interactions AS double) / 3, 1)
  ) AS engagement_score
FROM days
LEFT JOIN sessions_begun AS session ON session.day = days.day
GROUP BY days.day
ORDER BY days.day
