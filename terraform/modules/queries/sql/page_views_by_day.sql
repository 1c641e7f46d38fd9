-- How many pages were viewed each day?
-- Views of pages and of screens. A user counts on each day with a view.
-- Columns: day, views, users, views_per_user.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}, ${days}
SELECT
  days.day,
  count(hits.person) AS views,
  count(DISTINCT hits.person) AS users,
  CAST(count(hits.person) AS double) / nullif(count(DISTINCT hits.person), 0) AS views_per_user
FROM days
LEFT JOIN hits ON hits.day = days.day AND hits.event_type IN ('page_view', 'screen_view')
GROUP BY days.day
ORDER BY days.day
