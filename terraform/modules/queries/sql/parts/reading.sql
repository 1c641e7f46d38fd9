-- The events of the span, each with its person and its day in the time zone.
reading AS (
  SELECT
    event.*,
    coalesce(known.user_id, event.user_id) AS person,
    CAST(at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone) AS date) AS day
  FROM unique_events AS event
  CROSS JOIN given
  CROSS JOIN span
  LEFT JOIN users AS known ON known.app_id = event.app_id AND known.id = event.user_id
  WHERE event.event_time >= span.since
    AND event.event_time < span.until
    AND given.app IN ('', event.app_id)
    AND (given.bots = 'include' OR coalesce(event.is_bot, false) = (given.bots = 'only'))
)
