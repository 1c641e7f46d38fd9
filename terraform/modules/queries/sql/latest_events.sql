-- What happened last?
-- The newest 100 events of the range.
-- Columns: event_time (UTC), event_type, app_id, person, path, properties (JSON).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}
SELECT event_time, event_type, app_id, person, path, properties
FROM hits
ORDER BY event_time DESC, event_id
LIMIT 100
