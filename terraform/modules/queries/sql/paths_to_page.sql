-- How do people get to a page?
-- By sessions that began in the range and saw the page; from its first view in each.
-- Parameters:
--   page: path, such as /pricing
-- Columns: step (1: right before it), page (path; null: the session began), sessions.
WITH ${unique_events}, ${users}, ${given}, ${span}, ${reading}, ${sessions}, ${sessions_begun},
asked AS (
  SELECT CAST(:page AS varchar) AS page
),
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
  SELECT pages_seen.app_id, pages_seen.visitor, pages_seen.visit, min(pages_seen.place) AS place
  FROM pages_seen
  CROSS JOIN asked
  WHERE pages_seen.path = asked.page
  GROUP BY pages_seen.app_id, pages_seen.visitor, pages_seen.visit
)
SELECT numbers.step, pages_seen.path AS page, count(*) AS sessions
FROM anchors
CROSS JOIN UNNEST(sequence(1, 3)) AS numbers (step)
LEFT JOIN pages_seen
  ON pages_seen.app_id = anchors.app_id
  AND pages_seen.visitor = anchors.visitor
  AND pages_seen.visit = anchors.visit
  AND pages_seen.place = anchors.place - numbers.step
GROUP BY numbers.step, pages_seen.path
ORDER BY numbers.step, sessions DESC, page
