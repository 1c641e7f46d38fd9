-- How many of the active people came for the first time?
-- New: the person's first event ever is of this period. Returning: it is of an earlier one.
-- Reads the whole table up to the last day, for what is first.
-- Parameters:
--   period = 'day': day, week or month
--   week_start = 'monday': monday or sunday
-- Columns: period (its first day), users, new_users, returning_users.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}, ${days},
asked AS (
  SELECT
    CAST(:period AS varchar) AS period, CAST(:week_start AS varchar) AS week_start, '' AS event
),
${periods}, ${firsts},
active AS (
  SELECT DISTINCT periods.period, hits.person
  FROM hits
  JOIN periods ON periods.day = hits.day
),
each AS (
  SELECT DISTINCT period FROM periods
)
SELECT
  each.period,
  count(active.person) AS users,
  count_if(firsts.day >= each.period) AS new_users,
  count_if(firsts.day < each.period) AS returning_users
FROM each
LEFT JOIN active ON active.period = each.period
LEFT JOIN firsts ON firsts.person = active.person
GROUP BY each.period
ORDER BY each.period
