-- Each day with the day, week or month that it is in.
periods AS (
  SELECT
    days.day,
    CASE
      WHEN asked.period = 'month' THEN CAST(date_trunc('month', days.day) AS date)
      WHEN asked.period = 'week' AND asked.week_start = 'sunday' THEN CAST(
        CAST(date_trunc('week', days.day + INTERVAL '1' DAY) AS date) - INTERVAL '1' DAY AS date
      )
      WHEN asked.period = 'week' THEN CAST(date_trunc('week', days.day) AS date)
      ELSE days.day
    END AS period
  FROM days
  CROSS JOIN asked
)
