-- How do an event's occurrences divide by a property?
-- Every occurrence is in one row: those without the property, or with an object or a list, in null.
-- Parameters:
--   event: the event; '' is all
--   property: JSON path in the properties, such as $.plan or $["delivery type"]
-- Columns: value (text), events, users.
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits},
asked AS (
  SELECT CAST(:event AS varchar) AS event
)
SELECT
  json_extract_scalar(hits.properties, :property) AS value,
  count(*) AS events,
  count(DISTINCT hits.person) AS users
FROM hits
CROSS JOIN asked
WHERE asked.event IN ('', hits.event_type)
GROUP BY 1
ORDER BY events DESC, value
