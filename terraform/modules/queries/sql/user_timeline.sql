-- What did one user do?
-- All events of the user, those from before the user was known too; the first 1,000 of the range.
-- Parameters:
--   user: a user's id, or that of a device of the user
-- Columns: event_time (UTC), event_type, app_id, session_id, path, properties (JSON).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits},
asked AS (
  SELECT CAST(:user AS varchar) AS id
),
person AS (
  SELECT id FROM asked
  UNION
  SELECT users.user_id FROM users JOIN asked ON asked.id = users.id
)
SELECT hits.event_time, hits.event_type, hits.app_id, hits.session_id, hits.path, hits.properties
FROM hits
JOIN person ON person.id = hits.person
ORDER BY hits.event_time, hits.event_id
LIMIT 1000
