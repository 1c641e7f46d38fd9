-- Each event once, for questions of your own.
-- Columns: events.*.
WITH ${unique_events}
SELECT * FROM unique_events
