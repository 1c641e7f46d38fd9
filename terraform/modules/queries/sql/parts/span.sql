-- What is read for them: a time zone reaches 14 hours from UTC, and a session may have begun, or may
-- go on for, 24 hours outside. Files of other days are not read.
span AS (
  SELECT
    CAST(first_day - INTERVAL '2' DAY AS date) AS since,
    CAST(last_day + INTERVAL '3' DAY AS date) AS until
  FROM given
)
