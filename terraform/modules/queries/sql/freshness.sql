-- How old is the newest row of each app?
-- Of the events in the range: an app without one has no row. A row can be read some seconds after its
-- load_time, at most 15 minutes. The parameter `bots` is not used.
-- Columns: app_id, events, newest_event_time, newest_load_time (UTC).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}
SELECT
  event.app_id,
  count(*) AS events,
  max(event.event_time) AS newest_event_time,
  max(event.load_time) AS newest_load_time
FROM unique_events AS event
CROSS JOIN given
CROSS JOIN segment
CROSS JOIN span
LEFT JOIN users AS known ON known.app_id = event.app_id AND known.id = event.user_id
LEFT JOIN traits_told ON traits_told.person = coalesce(known.user_id, event.user_id)
WHERE event.event_time >= span.since
  AND event.event_time < span.until
  AND CAST(at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone) AS date)
    BETWEEN given.first_day AND given.last_day
  AND given.app IN ('', event.app_id)
  AND ${in_segment}
GROUP BY event.app_id
ORDER BY event.app_id
