-- Which pages are viewed most, and how well are they read?
-- Views of pages and of screens. Engaged seconds: the sum of page_leave.engaged_ms per page view.
-- Scroll depth: the lowest part seen of a page view.
-- Columns: host (null for screens), page (path, or name of a screen), views, users, engaged_seconds
-- (average of a page view that measures it), scroll_depth (its average, 0 to 100).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits},
viewed AS (
  SELECT host, page, count(*) AS views, count(DISTINCT person) AS users
  FROM hits
  WHERE event_type IN ('page_view', 'screen_view')
  GROUP BY host, page
),
-- A client without ids of page views measures each by itself.
left_pages AS (
  SELECT
    host,
    page,
    sum(TRY_CAST(json_extract_scalar(properties, '$.engaged_ms') AS double)) / 1000 AS seconds,
    max(TRY_CAST(json_extract_scalar(properties, '$.scroll_depth') AS double)) AS scroll_depth
  FROM hits
  WHERE event_type = 'page_leave'
  GROUP BY host, page, coalesce(page_view_id, event_id)
),
read_pages AS (
  SELECT host, page, avg(seconds) AS engaged_seconds, avg(scroll_depth) AS scroll_depth
  FROM left_pages
  GROUP BY host, page
)
SELECT
  viewed.host,
  viewed.page,
  viewed.views,
  viewed.users,
  read_pages.engaged_seconds,
  read_pages.scroll_depth
FROM viewed
LEFT JOIN read_pages
  ON read_pages.host IS NOT DISTINCT FROM viewed.host
  AND read_pages.page IS NOT DISTINCT FROM viewed.page
ORDER BY viewed.views DESC, viewed.host, viewed.page
