-- How many people convert each day, and what is it worth?
-- A conversion is any event of the name; the rate is people who convert over active people.
-- Parameters:
--   event: the event that is a conversion
--   value = '$.total': JSON path of its worth in the properties
-- Columns: day, conversions, users, conversion_rate (0 to 1), revenue (in the unit of the property).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}, ${days},
asked AS (
  SELECT CAST(:event AS varchar) AS event
),
valued AS (
  SELECT
    hits.day,
    hits.person,
    hits.event_type = asked.event AS is_conversion,
    CASE WHEN hits.event_type = asked.event
      THEN TRY_CAST(json_extract_scalar(hits.properties, :value) AS double)
    END AS revenue
  FROM hits
  CROSS JOIN asked
)
SELECT
  days.day,
  count_if(valued.is_conversion) AS conversions,
  count(DISTINCT CASE WHEN valued.is_conversion THEN valued.person END) AS users,
  CAST(count(DISTINCT CASE WHEN valued.is_conversion THEN valued.person END) AS double)
    / nullif(count(DISTINCT valued.person), 0) AS conversion_rate,
  sum(valued.revenue) AS revenue
FROM days
LEFT JOIN valued ON valued.day = days.day
GROUP BY days.day
ORDER BY days.day
