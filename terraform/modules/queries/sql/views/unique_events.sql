-- Each event once, for questions of your own. Run it again when a tracking plan has added a column.
CREATE OR REPLACE VIEW unique_events AS
WITH ${unique_events}
SELECT * FROM unique_events
