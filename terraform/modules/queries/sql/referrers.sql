-- Which sites send people?
-- The referrer of a session's first page view, if it is another host's and not a sign-in page's.
-- Bounce: fewer than two page views, under 10 engaged seconds and no interactive event.
-- Columns: referrer_host (null: none), sessions, users, bounce_rate (0 to 1).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${sessions}, ${sessions_begun}
SELECT
  referrer_host,
  count(*) AS sessions,
  count(DISTINCT person) AS users,
  CAST(count_if(is_bounce) AS double) / count(*) AS bounce_rate
FROM sessions_begun
GROUP BY referrer_host
ORDER BY sessions DESC, referrer_host
