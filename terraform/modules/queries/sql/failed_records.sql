-- What could not become a row, and why?
-- Messages that the collector refused (stage collector), and records that failed at a later stage; by
-- the day they were set aside. The parameters `bots` and `segment` are not used.
-- Columns: stage, reason, app_id, records, last_failed_at (UTC).
WITH ${given}, ${span}
SELECT
  record.stage,
  record.reason,
  record.app_id,
  count(*) AS records,
  max(record.failed_at) AS last_failed_at
FROM failed_records AS record
CROSS JOIN given
CROSS JOIN span
WHERE record.failed_at >= span.since
  AND record.failed_at < span.until
  AND CAST(at_timezone(with_timezone(record.failed_at, 'UTC'), given.time_zone) AS date)
    BETWEEN given.first_day AND given.last_day
  AND (given.app = '' OR record.app_id = given.app)
GROUP BY record.stage, record.reason, record.app_id
ORDER BY records DESC, record.stage, record.reason
