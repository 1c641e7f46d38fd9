-- Which links are clicked?
-- Events `link_click`, by the address of the link and the page it is on. Outbound: to another host.
-- Columns: href, page (path it was clicked on), is_outbound, clicks, users.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}
SELECT
  json_extract_scalar(properties, '$.href') AS href,
  path AS page,
  coalesce(json_extract_scalar(properties, '$.outbound') = 'true', false) AS is_outbound,
  count(*) AS clicks,
  count(DISTINCT person) AS users
FROM hits
WHERE event_type = 'link_click'
GROUP BY 1, 2, 3
ORDER BY clicks DESC, href, page
