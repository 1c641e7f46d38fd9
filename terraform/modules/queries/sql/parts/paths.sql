-- The pages before or after the first view of the page that is asked about, in each session that
-- began on the days in question. The direction is 1 for those after it, -1 for those before. By
-- windows, since Trino computes twice what is joined with itself; the anchor is the first view's place.
pages_seen AS (
  SELECT
    seen.place,
    min(CASE WHEN seen.page = asked.page THEN seen.place END) OVER (
      PARTITION BY seen.app_id, seen.visitor, seen.visit
    ) AS anchor,
    lead(seen.page, 1) OVER along AS page_1,
    lead(seen.page, 2) OVER along AS page_2,
    lead(seen.page, 3) OVER along AS page_3
  FROM ordered AS seen
  JOIN sessions_begun AS session
    ON session.app_id = seen.app_id
    AND session.visitor = seen.visitor
    AND session.visit = seen.visit
  CROSS JOIN asked
  WHERE seen.is_page
  WINDOW along AS (
    PARTITION BY seen.app_id, seen.visitor, seen.visit ORDER BY seen.place * asked.direction
  )
),
paths AS (
  SELECT
    numbers.step,
    CASE numbers.step WHEN 1 THEN page_1 WHEN 2 THEN page_2 ELSE page_3 END AS page,
    count(*) AS sessions
  FROM pages_seen
  CROSS JOIN UNNEST(sequence(1, 3)) AS numbers (step)
  WHERE pages_seen.place = pages_seen.anchor
  GROUP BY 1, 2
)
