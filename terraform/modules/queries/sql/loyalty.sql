-- How loyal are the people of these days?
-- Loyalty rate: users with two or more visit days over users. A visit day is a day with an event.
-- Loyalty score of a user, 0 to 100: 100 × (1 − 1 / visit days), so 0 for one day, 50 for two, 75
-- for four.
-- Columns: users, returning_users (two or more visit days), loyalty_rate (0 to 1), visit_days
-- (average of a user), loyalty_score (average of a user).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits},
visited AS (
  SELECT person, CAST(count(DISTINCT day) AS double) AS visit_days FROM hits GROUP BY person
)
SELECT
  count(*) AS users,
  count_if(visit_days >= 2) AS returning_users,
  CAST(count_if(visit_days >= 2) AS double) / nullif(count(*), 0) AS loyalty_rate,
  avg(visit_days) AS visit_days,
  avg(100 * (1 - 1 / visit_days)) AS loyalty_score
FROM visited
