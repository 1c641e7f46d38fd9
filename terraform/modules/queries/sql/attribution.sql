-- Which channels do conversions come from?
-- Last: the last session with a source that is not direct and began within the given days before
-- the conversion; first: the first of those. Without one the conversion is direct.
-- Parameters:
--   event: the event that is a conversion
--   model = 'last': last or first
--   within_days = 30: how long before
--   value = '$.total': JSON path of its worth in the properties
-- Columns: channel, source (null: direct), conversions, users, revenue (in the unit of the property).
WITH ${unique_events}, ${users}, ${given}, ${segment},
asked AS (
  SELECT
    CAST(:event AS varchar) AS event,
    CAST(:model AS varchar) AS model,
    CAST(:within_days AS bigint) AS within_days
),
span AS (
  SELECT
    CAST(date_add('day', -2 - asked.within_days, given.first_day) AS date) AS since,
    CAST(given.last_day + INTERVAL '3' DAY AS date) AS until
  FROM given
  CROSS JOIN asked
),
${reading}, ${hits}, ${sessions},
conversions AS (
  SELECT
    hits.ingest_shard,
    hits.ingest_sequence,
    hits.ingest_index,
    hits.person,
    hits.event_time,
    TRY_CAST(json_extract_scalar(hits.properties, :value) AS double) AS revenue
  FROM hits
  CROSS JOIN asked
  WHERE hits.event_type = asked.event
),
touches AS (
  SELECT
    conversions.person,
    conversions.revenue,
    session.channel,
    session.source,
    row_number() OVER (
      PARTITION BY
        conversions.ingest_shard, conversions.ingest_sequence, conversions.ingest_index
      ORDER BY
        CASE WHEN asked.model = 'first' THEN session.began END,
        session.began DESC,
        session.visitor
    ) AS place
  FROM conversions
  CROSS JOIN asked
  LEFT JOIN sessions_read AS session
    ON session.person = conversions.person
    AND session.channel <> 'direct'
    AND session.began <= conversions.event_time
    AND session.began >= date_add('day', -asked.within_days, conversions.event_time)
)
SELECT
  coalesce(channel, 'direct') AS channel,
  source,
  count(*) AS conversions,
  count(DISTINCT person) AS users,
  sum(revenue) AS revenue
FROM touches
WHERE place = 1
GROUP BY 1, 2
ORDER BY conversions DESC, channel, source
