-- Which campaigns bring people?
-- By the first page view of each session; sessions without a campaign are left out.
-- Bounce: fewer than two page views, under 10 engaged seconds and no interactive event.
-- Columns: utm_source, utm_medium, utm_campaign, sessions, users, bounce_rate (0 to 1).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${sessions}, ${sessions_begun}
SELECT
  utm_source,
  utm_medium,
  utm_campaign,
  count(*) AS sessions,
  count(DISTINCT person) AS users,
  CAST(count_if(is_bounce) AS double) / count(*) AS bounce_rate
FROM sessions_begun
WHERE coalesce(utm_source, utm_medium, utm_campaign) IS NOT NULL
GROUP BY utm_source, utm_medium, utm_campaign
ORDER BY sessions DESC, utm_source, utm_medium, utm_campaign
