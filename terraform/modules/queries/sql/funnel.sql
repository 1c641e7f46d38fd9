-- How many people get through a sequence of events?
-- Strictly later events, each used once, all within the window from step one; the same event may
-- be several steps. A step at the same instant as the one before does not count.
-- Parameters:
--   steps: the events in order, as JSON, such as ["page_view", "order_paid"]; at most 8
--   window_hours = 24: from step one to the last
-- Columns: step (from 1), event, users, share_of_first and share_of_previous (0 to 1),
-- median_seconds (from step one, of each person's quickest way).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits},
asked AS (
  SELECT
    CAST(json_parse(:steps) AS array(varchar)) AS steps,
    CAST(:window_hours AS bigint) AS window_hours
),
-- Ticks count the instants at which a person did something; `start_n` is the latest time of step
-- one from which a way leads to this event as step n.
first_step AS (
  SELECT
    hits.person,
    hits.event_type,
    hits.event_time,
    asked.steps,
    date_add('hour', -asked.window_hours, hits.event_time) AS earliest,
    dense_rank() OVER (PARTITION BY hits.person ORDER BY hits.event_time) AS tick,
    CASE WHEN hits.event_type = element_at(asked.steps, 1) THEN hits.event_time END AS start_1
  FROM hits
  CROSS JOIN asked
  WHERE contains(asked.steps, hits.event_type)
),
step_2 AS (
  SELECT
    *,
    CASE WHEN event_type = element_at(steps, 2) THEN max(start_1) OVER (
      PARTITION BY person ORDER BY tick RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) END AS start_2
  FROM first_step
),
step_3 AS (
  SELECT
    *,
    CASE WHEN event_type = element_at(steps, 3) THEN max(start_2) OVER (
      PARTITION BY person ORDER BY tick RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) END AS start_3
  FROM step_2
),
step_4 AS (
  SELECT
    *,
    CASE WHEN event_type = element_at(steps, 4) THEN max(start_3) OVER (
      PARTITION BY person ORDER BY tick RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) END AS start_4
  FROM step_3
),
step_5 AS (
  SELECT
    *,
    CASE WHEN event_type = element_at(steps, 5) THEN max(start_4) OVER (
      PARTITION BY person ORDER BY tick RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) END AS start_5
  FROM step_4
),
step_6 AS (
  SELECT
    *,
    CASE WHEN event_type = element_at(steps, 6) THEN max(start_5) OVER (
      PARTITION BY person ORDER BY tick RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) END AS start_6
  FROM step_5
),
step_7 AS (
  SELECT
    *,
    CASE WHEN event_type = element_at(steps, 7) THEN max(start_6) OVER (
      PARTITION BY person ORDER BY tick RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) END AS start_7
  FROM step_6
),
step_8 AS (
  SELECT
    *,
    CASE WHEN event_type = element_at(steps, 8) THEN max(start_7) OVER (
      PARTITION BY person ORDER BY tick RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) END AS start_8
  FROM step_7
),
ways AS (
  SELECT
    step_8.person,
    step_8.event_time,
    step_8.earliest,
    numbers.step,
    CASE numbers.step
      WHEN 1 THEN start_1 WHEN 2 THEN start_2 WHEN 3 THEN start_3 WHEN 4 THEN start_4
      WHEN 5 THEN start_5 WHEN 6 THEN start_6 WHEN 7 THEN start_7 WHEN 8 THEN start_8
    END AS started
  FROM step_8
  CROSS JOIN UNNEST(sequence(1, 8)) AS numbers (step)
),
quickest AS (
  SELECT person, step, min(date_diff('millisecond', started, event_time)) AS milliseconds
  FROM ways
  WHERE started >= earliest
  GROUP BY person, step
),
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY step ORDER BY milliseconds) AS place,
    count(*) OVER (PARTITION BY step) AS of_step
  FROM quickest
),
counted AS (
  SELECT
    numbers.step,
    element_at(asked.steps, numbers.step) AS event,
    count(ranked.person) AS users,
    CAST(max(ranked.milliseconds) FILTER (WHERE ranked.place = (ranked.of_step + 1) / 2) AS double)
      / 1000 AS median_seconds
  FROM asked
  CROSS JOIN UNNEST(sequence(1, cardinality(asked.steps))) AS numbers (step)
  LEFT JOIN ranked ON ranked.step = numbers.step
  GROUP BY 1, 2
)
SELECT
  step,
  event,
  users,
  CAST(users AS double) / nullif(max(users) OVER (), 0) AS share_of_first,
  CAST(users AS double) / nullif(lag(users) OVER (ORDER BY step), 0) AS share_of_previous,
  median_seconds
FROM counted
ORDER BY step
