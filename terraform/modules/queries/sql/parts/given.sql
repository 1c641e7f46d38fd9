-- What is asked for: days, an app ('' is all), a time zone, whether bots count, and a segment.
given AS (
  SELECT
    CAST(:start AS date) AS first_day,
    CAST(:end AS date) AS last_day,
    CAST(:app AS varchar) AS app,
    CAST(:time_zone AS varchar) AS time_zone,
    CAST(:bots AS varchar) AS bots,
    CAST(:segment AS varchar) AS segment
)
