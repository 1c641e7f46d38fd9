-- How do an event's occurrences divide by browser, country, app and the like?
-- Every occurrence is in one row.
-- Parameters:
--   event = '': the event; '' is all
--   column = 'device_type': event_type, app_id, browser, os, device_type, country, city, locale, timezone, host, channel, library, consent, group_id or utm_campaign
-- Columns: value (text), events, users.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits},
asked AS (
  SELECT CAST(:event AS varchar) AS event, CAST(:column AS varchar) AS column_name
)
SELECT
  CASE asked.column_name
    WHEN 'event_type' THEN hits.event_type
    WHEN 'app_id' THEN hits.app_id
    WHEN 'browser' THEN hits.browser
    WHEN 'os' THEN hits.os
    WHEN 'device_type' THEN hits.device_type
    WHEN 'country' THEN hits.country
    WHEN 'city' THEN hits.city
    WHEN 'locale' THEN hits.locale
    WHEN 'timezone' THEN hits.timezone
    WHEN 'host' THEN hits.host
    WHEN 'channel' THEN hits.channel
    WHEN 'library' THEN hits.library
    WHEN 'consent' THEN hits.consent
    WHEN 'group_id' THEN hits.group_id
    WHEN 'utm_campaign' THEN hits.utm_campaign
  END AS value,
  count(*) AS events,
  count(DISTINCT hits.person) AS users
FROM hits
CROSS JOIN asked
WHERE asked.event IN ('', hits.event_type)
GROUP BY 1
ORDER BY events DESC, value
