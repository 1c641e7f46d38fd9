-- What could not become a row in the last 7 days, and why.
SELECT stage, reason, app_id, count(*) AS records, max(failed_at) AS last_failed_at
FROM failed_records
WHERE failed_at >= current_date - INTERVAL '7' DAY
GROUP BY 1, 2, 3
ORDER BY records DESC
