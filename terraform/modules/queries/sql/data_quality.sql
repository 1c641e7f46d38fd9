-- How far can each day's numbers be trusted?
-- Late: received more than 24 hours after it happened. Clamped: the client's time was out of range,
-- so it has the time of receipt. Repeats: sent again and not yet deleted, which no question counts;
-- their share is of the events and them. Refused: by the collector; failed: any other record that
-- could not become a row, both by the day they were set aside. The parameters `bots` and `segment`
-- are not used.
-- Columns: day, events, late, late_share (0 to 1), clamped, clamped_share (0 to 1), repeats,
-- repeat_share (0 to 1), refused, failed.
WITH ${unique_events}, ${users}, ${given}, ${span}, ${days},
received AS (
  SELECT
    CAST(at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone) AS date) AS day,
    count(*) AS events,
    count_if(event.server_event_time > event.event_time + INTERVAL '24' HOUR) AS late,
    count_if(event.time_source = 'clamped') AS clamped
  FROM unique_events AS event
  CROSS JOIN given
  CROSS JOIN span
  WHERE event.event_time >= span.since
    AND event.event_time < span.until
    AND given.app IN ('', event.app_id)
  GROUP BY 1
),
with_repeats AS (
  SELECT
    CAST(at_timezone(with_timezone(event.event_time, 'UTC'), given.time_zone) AS date) AS day,
    count(*) AS events
  FROM events AS event
  CROSS JOIN given
  CROSS JOIN span
  WHERE event.event_time >= span.since
    AND event.event_time < span.until
    AND event.app_id <> 'headwater-canary'
    AND given.app IN ('', event.app_id)
  GROUP BY 1
),
set_aside AS (
  SELECT
    CAST(at_timezone(with_timezone(record.failed_at, 'UTC'), given.time_zone) AS date) AS day,
    count_if(record.stage = 'collector') AS refused,
    count_if(record.stage <> 'collector') AS failed
  FROM failed_records AS record
  CROSS JOIN given
  CROSS JOIN span
  WHERE record.failed_at >= span.since
    AND record.failed_at < span.until
    AND (given.app = '' OR record.app_id = given.app)
  GROUP BY 1
)
SELECT
  days.day,
  coalesce(received.events, 0) AS events,
  coalesce(received.late, 0) AS late,
  CAST(received.late AS double) / received.events AS late_share,
  coalesce(received.clamped, 0) AS clamped,
  CAST(received.clamped AS double) / received.events AS clamped_share,
  coalesce(with_repeats.events, 0) - coalesce(received.events, 0) AS repeats,
  CAST(with_repeats.events - coalesce(received.events, 0) AS double) / with_repeats.events
    AS repeat_share,
  coalesce(set_aside.refused, 0) AS refused,
  coalesce(set_aside.failed, 0) AS failed
FROM days
LEFT JOIN received ON received.day = days.day
LEFT JOIN with_repeats ON with_repeats.day = days.day
LEFT JOIN set_aside ON set_aside.day = days.day
ORDER BY days.day
