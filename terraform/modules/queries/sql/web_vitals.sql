-- How fast are the pages, for three visits of four?
-- The 75th percentile of each measure, by nearest rank: the smallest value that is not exceeded by
-- three quarters of them.
-- Columns: metric (lcp, inp, fcp and ttfb in milliseconds, cls without unit), measured (page views),
-- p75.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits},
measured AS (
  SELECT
    metrics.metric,
    TRY_CAST(CASE metrics.metric
      WHEN 'lcp' THEN json_extract_scalar(hits.properties, '$.lcp')
      WHEN 'inp' THEN json_extract_scalar(hits.properties, '$.inp')
      WHEN 'fcp' THEN json_extract_scalar(hits.properties, '$.fcp')
      WHEN 'ttfb' THEN json_extract_scalar(hits.properties, '$.ttfb')
      WHEN 'cls' THEN json_extract_scalar(hits.properties, '$.cls')
    END AS double) AS value
  FROM hits
  CROSS JOIN UNNEST(ARRAY['lcp', 'inp', 'cls', 'fcp', 'ttfb']) AS metrics (metric)
  WHERE hits.event_type = 'web_vitals'
),
ranked AS (
  SELECT
    metric,
    value,
    row_number() OVER (PARTITION BY metric ORDER BY value) AS place,
    count(*) OVER (PARTITION BY metric) AS of_metric
  FROM measured
  WHERE value IS NOT NULL
)
SELECT
  metric,
  count(*) AS measured,
  max(value) FILTER (WHERE place = (of_metric * 3 + 3) / 4) AS p75
FROM ranked
GROUP BY metric
ORDER BY metric
