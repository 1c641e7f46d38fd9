-- How many of the people who began in a period come back in the periods after it?
-- First: a person belongs to the period of the first matching event ever, not of the first in the
-- range. Recurring: to each period with a matching event. Rolling: as first, and comes back in
-- period n by an event in it or in any later one. Every cohort has a row for every n, zeros too.
-- The first period is asked about as a whole, also if the range begins within it.
-- Reads the whole table up to the last day, for what is first.
-- Parameters:
--   event = '': the matching event; '' is any
--   mode = 'first': first, recurring or rolling
--   period = 'week': day or week
--   week_start = 'monday': monday or sunday
-- Columns: cohort (first day of its period), n (periods later), people (of the cohort), returned,
-- share (0 to 1), is_running (period n has not ended, or only after the range).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${days},
shape AS (
  SELECT
    CAST(:event AS varchar) AS event,
    CAST(:mode AS varchar) AS mode,
    CASE WHEN CAST(:period AS varchar) = 'week' THEN 7 ELSE 1 END AS length,
    -- A Sunday or a Monday, from which periods are counted.
    CASE WHEN CAST(:week_start AS varchar) = 'sunday' THEN DATE '2000-01-02' ELSE DATE '2000-01-03'
    END AS origin
),
asked AS (
  SELECT
    shape.*,
    CAST(date_add(
      'day', -(date_diff('day', shape.origin, given.first_day) % shape.length), given.first_day
    ) AS date) AS first_day
  FROM shape
  CROSS JOIN given
),
span AS (
  SELECT
    CAST(asked.first_day - INTERVAL '2' DAY AS date) AS since,
    CAST(given.last_day + INTERVAL '3' DAY AS date) AS until
  FROM given
  CROSS JOIN asked
),
${reading}, ${firsts},
-- Each person's periods with a matching event, in one row: nothing is joined with itself.
active AS (
  SELECT
    reading.person,
    array_agg(DISTINCT date_diff('day', asked.origin, reading.day) / asked.length) AS periods
  FROM reading
  CROSS JOIN given
  CROSS JOIN asked
  WHERE reading.day BETWEEN asked.first_day AND given.last_day
    AND reading.in_segment
    AND asked.event IN ('', reading.event_type)
  GROUP BY reading.person
),
stays AS (
  SELECT
    begun.period AS cohort,
    stayed.period,
    stayed.period = array_max(active.periods) AS is_last
  FROM active
  CROSS JOIN asked
  JOIN firsts ON firsts.person = active.person
  CROSS JOIN UNNEST(active.periods) AS begun (period)
  CROSS JOIN UNNEST(active.periods) AS stayed (period)
  WHERE stayed.period >= begun.period
    AND (
      asked.mode = 'recurring'
      OR begun.period = date_diff('day', asked.origin, firsts.day) / asked.length
    )
),
counted AS (
  SELECT cohort, period, count(*) AS people, count_if(is_last) AS last_seen
  FROM stays
  GROUP BY cohort, period
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
returns AS (
  SELECT
    cells.cohort,
    cells.period,
    sum(counted.people) FILTER (WHERE counted.period = cells.cohort) AS people,
    CASE
      WHEN max(asked.mode) = 'rolling'
        THEN sum(counted.last_seen) FILTER (WHERE counted.period >= cells.period)
      ELSE sum(counted.people) FILTER (WHERE counted.period = cells.period)
    END AS returned
  FROM cells
  CROSS JOIN asked
  LEFT JOIN counted ON counted.cohort = cells.cohort
  GROUP BY cells.cohort, cells.period
)
SELECT
  CAST(date_add('day', returns.cohort * asked.length, asked.origin) AS date) AS cohort,
  returns.period - returns.cohort AS n,
  coalesce(returns.people, 0) AS people,
  coalesce(returns.returned, 0) AS returned,
  CAST(coalesce(returns.returned, 0) AS double) / returns.people AS share,
  CAST(date_add('day', (returns.period + 1) * asked.length - 1, asked.origin) AS date) > given.last_day
    OR CAST(date_add('day', (returns.period + 1) * asked.length - 1, asked.origin) AS date)
      >= CAST(at_timezone(current_timestamp, given.time_zone) AS date) AS is_running
FROM returns
CROSS JOIN asked
CROSS JOIN given
ORDER BY 1, 2
