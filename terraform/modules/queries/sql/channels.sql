-- Through which channels do sessions come?
-- By the session's first page view, the first that applies: paid (an ad's click id or medium), AI
-- assistant, email, search, social, campaign (any other utm_source or utm_campaign), referral,
-- direct. Bounce: fewer than two page views, under 10 engaged seconds and no interactive event.
-- Columns: channel, sessions, users, bounce_rate (0 to 1), engaged_seconds (average of a session),
-- estimated_sessions (those whose client measures no engagement).
WITH ${unique_events}, ${users}, ${given}, ${segment}, ${span}, ${reading}, ${sessions}, ${sessions_begun}
SELECT
  channel,
  count(*) AS sessions,
  count(DISTINCT person) AS users,
  CAST(count_if(is_bounce) AS double) / count(*) AS bounce_rate,
  avg(engaged_seconds) AS engaged_seconds,
  count_if(engagement_is = 'estimated') AS estimated_sessions
FROM sessions_begun
GROUP BY channel
ORDER BY sessions DESC, channel
