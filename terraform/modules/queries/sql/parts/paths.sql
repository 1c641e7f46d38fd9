-- The pages before or after the first view of the page that is asked about, in each session that
-- began on the days in question. The direction is 1 for those after it, -1 for those before.
pages_seen AS (
  SELECT seen.app_id, seen.visitor, seen.visit, seen.place, seen.path
  FROM ordered AS seen
  JOIN sessions_begun AS session
    ON session.app_id = seen.app_id
    AND session.visitor = seen.visitor
    AND session.visit = seen.visit
  WHERE seen.is_page
),
anchors AS (
  SELECT
    pages_seen.app_id,
    pages_seen.visitor,
    pages_seen.visit,
    asked.direction,
    min(pages_seen.place) AS place
  FROM pages_seen
  CROSS JOIN asked
  WHERE pages_seen.path = asked.page
  GROUP BY pages_seen.app_id, pages_seen.visitor, pages_seen.visit, asked.direction
),
paths AS (
  SELECT numbers.step, pages_seen.path AS page, count(*) AS sessions
  FROM anchors
  CROSS JOIN UNNEST(sequence(1, 3)) AS numbers (step)
  LEFT JOIN pages_seen
    ON pages_seen.app_id = anchors.app_id
    AND pages_seen.visitor = anchors.visitor
    AND pages_seen.visit = anchors.visit
    AND pages_seen.place = anchors.place + anchors.direction * numbers.step
  GROUP BY numbers.step, pages_seen.path
)
