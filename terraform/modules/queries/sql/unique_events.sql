-- Run once: from then on `unique_events` is `events` without what clients sent again, before
-- maintenance removes it. Of an event's appearances the first to be loaded stays. Messages that share
-- an id and say different things are different events.
CREATE OR REPLACE VIEW unique_events AS
SELECT *
FROM (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY
        app_id, event_id, message_type, event_type, user_id, anonymous_id, group_id, properties
      ORDER BY load_time, length(ingest_sequence), ingest_sequence, ingest_index, ingest_shard
    ) AS appearance
  FROM events
) AS numbered
WHERE appearance = 1
