-- The events of the span, each with its person, its day in the time zone, its page, and whether it is
-- in the segment: a session is if one of its events is, so those that are not are read too.
reading AS (
  SELECT
    event.*,
    coalesce(known.user_id, event.user_id) AS person,
    CAST(at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone) AS date) AS day,
    ${page} AS page,
    ${in_segment} AS in_segment
  FROM unique_events AS event
  CROSS JOIN given
  CROSS JOIN segment
  CROSS JOIN span
  LEFT JOIN users AS known ON known.app_id = event.app_id AND known.id = event.user_id
  LEFT JOIN traits_told ON traits_told.person = coalesce(known.user_id, event.user_id)
  WHERE event.event_time >= span.since
    AND event.event_time < span.until
    AND given.app IN ('', event.app_id)
    AND (given.bots = 'include' OR coalesce(event.is_bot, false) = (given.bots = 'only'))
)
