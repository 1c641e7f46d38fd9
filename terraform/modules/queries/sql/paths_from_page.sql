-- Where do people go from a page?
-- By sessions that began in the range and saw the page; from its first view in each.
-- Parameters:
--   page: path, such as /pricing, or the name of a screen
-- Columns: step (1: right after the page), page (path, or name of a screen; null: the session
-- ended), sessions.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${sessions}, ${sessions_begun},
asked AS (
  SELECT CAST(:page AS varchar) AS page, 1 AS direction
),
${paths}
SELECT step, page, sessions
FROM paths
ORDER BY step, sessions DESC, page
