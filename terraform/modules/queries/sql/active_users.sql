-- How many people were active in each day, week or month?
-- A person is active by any event. A period at an end of the range has only its days in the range.
-- Parameters:
--   period = 'day': day, week or month
--   week_start = 'monday': monday or sunday
-- Columns: period (its first day), users, events.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}, ${days},
asked AS (
  SELECT CAST(:period AS varchar) AS period, CAST(:week_start AS varchar) AS week_start
),
${periods}
SELECT
  periods.period,
  count(DISTINCT hits.person) AS users,
  count(hits.person) AS events
FROM periods
LEFT JOIN hits ON hits.day = periods.day
GROUP BY periods.period
ORDER BY periods.period
