-- How many sessions began each day, how long were they, and how many bounced?
-- Session: the client's id, or where it sends none, a user's events less than 30 minutes apart; it
-- belongs to the day on which it began. Bounce: fewer than two page views, under 10 engaged seconds
-- and no interactive event.
-- Columns: day, sessions, users, average_seconds and median_seconds (first to last event),
-- pages_per_session, bounces, bounce_rate (0 to 1), one_page_sessions, engaged_seconds (average),
-- estimated_sessions (those whose client measures no engagement).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${sessions}, ${sessions_begun}, ${days},
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY day ORDER BY seconds) AS place,
    count(*) OVER (PARTITION BY day) AS of_day
  FROM sessions_begun
)
SELECT
  days.day,
  count(ranked.person) AS sessions,
  count(DISTINCT ranked.person) AS users,
  avg(ranked.seconds) AS average_seconds,
  max(ranked.seconds) FILTER (WHERE ranked.place = (ranked.of_day + 1) / 2) AS median_seconds,
  avg(CAST(ranked.pages AS double)) AS pages_per_session,
  count_if(ranked.is_bounce) AS bounces,
  CAST(count_if(ranked.is_bounce) AS double) / nullif(count(ranked.person), 0) AS bounce_rate,
  count_if(ranked.pages = 1) AS one_page_sessions,
  avg(ranked.engaged_seconds) AS engaged_seconds,
  count_if(ranked.engagement_is = 'estimated') AS estimated_sessions
FROM days
LEFT JOIN ranked ON ranked.day = days.day
GROUP BY days.day
ORDER BY days.day
