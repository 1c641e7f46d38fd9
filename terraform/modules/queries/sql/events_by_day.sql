-- How much of what happened on each of the last 30 days.
SELECT
  date_trunc('day', event_time) AS day,
  event_type,
  count(*) AS events,
  count(DISTINCT anonymous_id) AS devices
FROM events
WHERE event_time >= current_date - INTERVAL '30' DAY
GROUP BY 1, 2
ORDER BY day DESC, events DESC
