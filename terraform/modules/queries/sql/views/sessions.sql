-- Every session, by days of UTC and with bots, for questions of your own. It reads the whole table;
-- the pack's questions read only the days that they are about.
-- Columns: app_id string, person string, began timestamp, ended timestamp, day date, seconds double,
--   events bigint, pages bigint, interactions bigint, engaged_seconds double, engagement_is string,
--   entry_page string, exit_page string, source string, channel string, utm_campaign string,
--   is_bounce boolean.
WITH ${unique_events}, ${users},
reading AS (
  SELECT
    event.*,
    coalesce(known.user_id, event.user_id) AS person,
    CAST(event.event_time AS date) AS day,
    ${page} AS page,
    true AS in_segment
  FROM unique_events AS event
  LEFT JOIN users AS known ON known.app_id = event.app_id AND known.id = event.user_id
),
${sessions}
SELECT
  app_id, person, began, ended, day, seconds, events, pages, interactions, engaged_seconds,
  engagement_is, entry_page, exit_page, source, channel, utm_campaign, is_bounce
FROM sessions_read
