-- What would known bots add to each day?
-- Bots are known by their user agent, and are flagged, not dropped. The parameter `bots` is not used.
-- Columns: day, events and users (without bots), bot_events, bot_users, bot_share (of all events,
-- 0 to 1).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${days},
everything AS (
  SELECT
    coalesce(known.user_id, event.user_id) AS person,
    coalesce(event.is_bot, false) AS is_bot,
    CAST(at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone) AS date) AS day
  FROM unique_events AS event
  CROSS JOIN given
  CROSS JOIN segment
  CROSS JOIN span
  LEFT JOIN users AS known ON known.app_id = event.app_id AND known.id = event.user_id
  LEFT JOIN traits_told ON traits_told.person = coalesce(known.user_id, event.user_id)
  WHERE event.event_time >= span.since
    AND event.event_time < span.until
    AND given.app IN ('', event.app_id)
    AND ${in_segment}
)
SELECT
  days.day,
  count_if(NOT everything.is_bot) AS events,
  count(DISTINCT CASE WHEN NOT everything.is_bot THEN everything.person END) AS users,
  count_if(everything.is_bot) AS bot_events,
  count(DISTINCT CASE WHEN everything.is_bot THEN everything.person END) AS bot_users,
  CAST(count_if(everything.is_bot) AS double) / nullif(count(everything.person), 0) AS bot_share
FROM days
LEFT JOIN everything ON everything.day = days.day
GROUP BY days.day
ORDER BY days.day
