-- How old is the newest row of each app?
-- A row can be read some seconds after its load_time, at most 15 minutes.
-- Columns: app_id, events, newest_event_time, newest_load_time (UTC).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}
SELECT
  app_id,
  count(*) AS events,
  max(event_time) AS newest_event_time,
  max(load_time) AS newest_load_time
FROM hits
GROUP BY app_id
ORDER BY app_id
