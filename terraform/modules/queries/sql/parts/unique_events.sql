-- Events without what clients sent again: of an event's appearances the first to be loaded stays.
-- Messages that share an id and say different things are different events. Maintenance deletes the
-- repeats among what was loaded within three days, so only such rows are compared, and of the others
-- only the days that a question is about are read. The canary's events, which no visitor made, are
-- left out everywhere.
unique_events AS (
  SELECT event.*
  FROM events AS event
  LEFT JOIN (
    SELECT
      ingest_shard,
      ingest_sequence,
      ingest_index,
      row_number() OVER (
        PARTITION BY
          app_id, event_id, message_type, event_type, user_id, anonymous_id, group_id, properties
        ORDER BY load_time, length(ingest_sequence), ingest_sequence, ingest_index, ingest_shard
      ) AS appearance
    FROM events
    WHERE load_time >= CAST(current_timestamp AT TIME ZONE 'UTC' AS timestamp) - INTERVAL '3' DAY
  ) AS repeat
    ON repeat.appearance > 1
    AND repeat.ingest_shard = event.ingest_shard
    AND repeat.ingest_sequence = event.ingest_sequence
    AND repeat.ingest_index = event.ingest_index
  WHERE repeat.appearance IS NULL
    AND event.app_id <> 'headwater-canary'
)
