-- From which pages do people leave?
-- The last page view of each session that began in the range; sessions without a page view are null.
-- Bounce: fewer than two page views, under 10 engaged seconds and no interactive event.
-- Columns: page (path, or name of a screen), sessions, users, bounces, bounce_rate (0 to 1).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${sessions}, ${sessions_begun}
SELECT
  exit_page AS page,
  count(*) AS sessions,
  count(DISTINCT person) AS users,
  count_if(is_bounce) AS bounces,
  CAST(count_if(is_bounce) AS double) / count(*) AS bounce_rate
FROM sessions_begun
GROUP BY exit_page
ORDER BY sessions DESC, page
