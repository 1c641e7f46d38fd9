-- The day of each person's first event ever of the kind that is asked about ('' is any kind), in the
-- segment.
firsts AS (
  SELECT
    coalesce(known.user_id, event.user_id) AS person,
    min(CAST(at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone) AS date)) AS day
  FROM events AS event
  CROSS JOIN given
  CROSS JOIN segment
  CROSS JOIN span
  CROSS JOIN asked
  LEFT JOIN users AS known ON known.app_id = event.app_id AND known.id = event.user_id
  LEFT JOIN traits_told ON traits_told.person = coalesce(known.user_id, event.user_id)
  WHERE event.event_time < span.until
    AND event.app_id <> 'headwater-canary'
    AND asked.event IN ('', event.event_type)
    AND given.app IN ('', event.app_id)
    AND (given.bots = 'include' OR coalesce(event.is_bot, false) = (given.bots = 'only'))
    AND ${in_segment}
  GROUP BY 1
)
