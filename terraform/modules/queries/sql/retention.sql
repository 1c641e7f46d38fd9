-- How many of the people who began in a period come back in the periods after it?
-- First: a person belongs to the period of the first matching event ever, not of the first in the
-- range. Recurring: to each period with a matching event. Rolling: as first, and comes back in
-- period n by an event in it or in any later one. Every cohort has a row for every n, zeros too.
-- Reads the whole table up to the last day, for what is first.
-- Parameters:
--   event = '': the matching event; '' is any
--   mode = 'first': first, recurring or rolling
--   period = 'week': day or week
--   week_start = 'monday': monday or sunday
-- Columns: cohort (first day of its period), n (periods later), people (of the cohort), returned,
-- share (0 to 1), is_running (period n has not ended, or only after the range).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}, ${days},
asked AS (
  SELECT
    CAST(:event AS varchar) AS event,
    CAST(:mode AS varchar) AS mode,
    CASE WHEN CAST(:period AS varchar) = 'week' THEN 7 ELSE 1 END AS length,
    -- A Sunday or a Monday, from which periods are counted.
    CASE WHEN CAST(:week_start AS varchar) = 'sunday' THEN DATE '2000-01-02' ELSE DATE '2000-01-03'
    END AS origin
),
${firsts},
active AS (
  SELECT DISTINCT
    hits.person,
    date_diff('day', asked.origin, hits.day) / asked.length AS period
  FROM hits
  CROSS JOIN asked
  WHERE asked.event IN ('', hits.event_type)
),
members AS (
  SELECT active.person, active.period AS cohort
  FROM active
  CROSS JOIN asked
  JOIN firsts ON firsts.person = active.person
  WHERE asked.mode = 'recurring'
    OR active.period = date_diff('day', asked.origin, firsts.day) / asked.length
),
periods AS (
  SELECT DISTINCT date_diff('day', asked.origin, days.day) / asked.length AS period
  FROM days
  CROSS JOIN asked
),
cells AS (
  SELECT cohorts.period AS cohort, later.period
  FROM periods AS cohorts
  JOIN periods AS later ON later.period >= cohorts.period
),
sizes AS (
  SELECT cohort, count(*) AS people FROM members GROUP BY cohort
),
returns AS (
  SELECT cells.cohort, cells.period, count(DISTINCT members.person) AS returned
  FROM cells
  CROSS JOIN asked
  JOIN members ON members.cohort = cells.cohort
  JOIN active
    ON active.person = members.person
    AND (
      active.period = cells.period OR (asked.mode = 'rolling' AND active.period > cells.period)
    )
  GROUP BY cells.cohort, cells.period
)
SELECT
  CAST(date_add('day', cells.cohort * asked.length, asked.origin) AS date) AS cohort,
  cells.period - cells.cohort AS n,
  coalesce(sizes.people, 0) AS people,
  coalesce(returns.returned, 0) AS returned,
  CAST(coalesce(returns.returned, 0) AS double) / sizes.people AS share,
  CAST(date_add('day', (cells.period + 1) * asked.length - 1, asked.origin) AS date) > given.last_day
    OR CAST(date_add('day', (cells.period + 1) * asked.length - 1, asked.origin) AS date)
      >= CAST(at_timezone(current_timestamp, given.time_zone) AS date) AS is_running
FROM cells
CROSS JOIN asked
CROSS JOIN given
LEFT JOIN sizes ON sizes.cohort = cells.cohort
LEFT JOIN returns ON returns.cohort = cells.cohort AND returns.period = cells.period
ORDER BY 1, 2
