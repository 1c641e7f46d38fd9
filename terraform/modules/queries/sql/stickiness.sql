-- How much of its month does the audience come back on?
-- Stickiness: a day's active users over those of the 30 days that end with it.
-- Columns: day, daily_users, weekly_users (of 7 days), monthly_users (of 30), stickiness (0 to 1).
WITH ${unique_events}, ${users}, ${given}, ${segment},
span AS (
  SELECT
    CAST(first_day - INTERVAL '31' DAY AS date) AS since,
    CAST(last_day + INTERVAL '3' DAY AS date) AS until
  FROM given
),
${reading}, ${days},
active AS (
  SELECT DISTINCT day, person FROM reading WHERE in_segment
),
counted AS (
  SELECT
    days.day,
    count(DISTINCT CASE WHEN active.day = days.day THEN active.person END) AS daily_users,
    count(DISTINCT CASE WHEN active.day > days.day - INTERVAL '7' DAY THEN active.person END)
      AS weekly_users,
    count(DISTINCT active.person) AS monthly_users
  FROM days
  LEFT JOIN active ON active.day <= days.day AND active.day > days.day - INTERVAL '30' DAY
  GROUP BY days.day
)
SELECT *, CAST(daily_users AS double) / nullif(monthly_users, 0) AS stickiness
FROM counted
ORDER BY day
