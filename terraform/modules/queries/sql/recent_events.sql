-- The newest events, with what each came from.
SELECT event_time, event_type, user_id, anonymous_id, path, properties
FROM events
WHERE event_time >= current_date - INTERVAL '1' DAY
ORDER BY event_time DESC
LIMIT 100
