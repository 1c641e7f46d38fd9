-- Each of the days in question, also those on which nothing happened.
days AS (
  SELECT CAST(each.day AS date) AS day
  FROM given
  CROSS JOIN UNNEST(sequence(given.first_day, given.last_day, INTERVAL '1' DAY)) AS each (day)
)
