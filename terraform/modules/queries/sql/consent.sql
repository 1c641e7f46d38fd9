-- What did visitors consent to, and how many send Global Privacy Control?
-- By what each event says; the browser's signal (gpc) counts before what the page asked. A user whose
-- events say several things is in several rows.
-- Columns: consent (granted, denied, gpc, cookieless; null: nobody asked), events, users,
-- share_of_events (0 to 1).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${hits}
SELECT
  consent,
  count(*) AS events,
  count(DISTINCT person) AS users,
  CAST(count(*) AS double) / sum(count(*)) OVER () AS share_of_events
FROM hits
GROUP BY consent
ORDER BY events DESC, consent
