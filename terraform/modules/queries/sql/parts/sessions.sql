-- Sessions: the client's id, or 30 minutes without an event of a user who has none.
marked AS (
  SELECT
    *,
    event_type IN ('page_view', 'screen_view') AS is_page,
    message_type = 'track'
      AND event_type NOT IN ('page_leave', 'web_vitals', 'error', 'messages_dropped')
      AND coalesce(json_extract_scalar(properties, '$.nonInteraction'), '') NOT IN ('true', '1')
      AS is_interactive,
    CASE
      WHEN session_id IS NOT NULL THEN 0
      WHEN event_time < lag(event_time) OVER (
        PARTITION BY app_id, person, session_id ORDER BY event_time
      ) + INTERVAL '30' MINUTE THEN 0
      ELSE 1
    END AS begins
  FROM reading
),
numbered AS (
  SELECT
    *,
    coalesce(session_id, person) AS visitor,
    sum(begins) OVER (
      PARTITION BY app_id, coalesce(session_id, person), session_id IS NULL ORDER BY event_time
    ) AS visit
  FROM marked
),
ordered AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY app_id, visitor, visit ORDER BY event_time, event_id
    ) AS place_of_all,
    row_number() OVER (
      PARTITION BY app_id, visitor, visit, is_page ORDER BY event_time, event_id
    ) AS place,
    row_number() OVER (
      PARTITION BY app_id, visitor, visit, is_page ORDER BY event_time DESC, event_id DESC
    ) AS place_from_end,
    date_diff('millisecond', event_time, lead(event_time) OVER (
      PARTITION BY app_id, visitor, visit ORDER BY event_time, event_id
    )) AS until_next
  FROM numbered
),
counted AS (
  SELECT
    app_id,
    visitor,
    visit,
    max(person) FILTER (WHERE place_of_all = 1) AS person,
    min(event_time) AS began,
    max(event_time) AS ended,
    max(day) FILTER (WHERE place_of_all = 1) AS day,
    bool_or(in_segment) AS in_segment,
    count(*) AS events,
    count_if(is_page) AS pages,
    count_if(is_interactive) AS interactions,
    sum(TRY_CAST(json_extract_scalar(properties, '$.engaged_ms') AS double))
      FILTER (WHERE event_type = 'page_leave') AS measured,
    sum(least(coalesce(until_next, 0), 300000)) FILTER (WHERE is_page) AS estimated,
    max(page) FILTER (WHERE is_page AND place = 1) AS entry_page,
    max(page) FILTER (WHERE is_page AND place_from_end = 1) AS exit_page,
    max(host) FILTER (WHERE is_page AND place = 1) AS landing_host,
    max(referrer_host) FILTER (WHERE is_page AND place = 1) AS landing_referrer,
    max(utm_source) FILTER (WHERE is_page AND place = 1) AS utm_source,
    max(utm_medium) FILTER (WHERE is_page AND place = 1) AS utm_medium,
    max(utm_campaign) FILTER (WHERE is_page AND place = 1) AS utm_campaign,
    bool_or(cardinality(map_keys(click_ids)) > 0) FILTER (WHERE is_page AND place = 1) AS was_ad_click
  FROM ordered
  GROUP BY app_id, visitor, visit
),
-- `www.` aside, a host is the same site; a sign-in page sends back people who were already here.
referred AS (
  SELECT
    *,
    CASE
      WHEN regexp_replace(landing_referrer, '^www\.', '')
        IS DISTINCT FROM regexp_replace(landing_host, '^www\.', '')
        AND landing_referrer NOT IN (
          'accounts.google.com', 'appleid.apple.com', 'login.live.com', 'login.microsoftonline.com'
        )
        THEN landing_referrer
    END AS referrer_host
  FROM counted
),
sourced AS (
  SELECT
    *,
    coalesce(measured, estimated, 0) / 1000 AS engaged_seconds,
    CASE WHEN measured IS NULL THEN 'estimated' ELSE 'measured' END AS engagement_is,
    lower(coalesce(utm_source, referrer_host)) AS source
  FROM referred
),
sessions_read AS (
  SELECT
    *,
    CAST(date_diff('millisecond', began, ended) AS double) / 1000 AS seconds,
    pages < 2 AND engaged_seconds < 10 AND interactions = 0 AS is_bounce,
    CASE
      WHEN was_ad_click OR regexp_like(lower(utm_medium), '^(cpc|ppc|paid.*|display|banner)$')
        THEN 'paid'
      WHEN regexp_like(source, '(^|\.)(chatgpt\.com|openai\.com|perplexity(\.ai)?|claude\.ai|gemini\.google\.com|copilot\.microsoft\.com|deepseek\.com|mistral\.ai|grok\.com|you\.com|meta\.ai)$')
        THEN 'AI assistant'
      WHEN lower(utm_medium) IN ('email', 'e-mail', 'newsletter')
        OR regexp_like(source, '^((web|e)?mail\..+|e\.mail\.ru|outlook\.(live|office|office365)\.com|app\.fastmail\.com|deref-(gmx|mail|web)\.[a-z]+|com\.google\.android\.gm)$')
        THEN 'email'
      -- A name alone is a utm_source. Of sites that are more than a search, the search alone.
      WHEN regexp_like(source, '^(google|bing|duckduckgo|yahoo|ecosia|baidu|yandex|qwant|startpage|kagi|brave)$')
        OR regexp_like(source, '^((www|images|lens|news)\.)?google\.([a-z]{2,3}|com?\.[a-z]{2})$')
        OR regexp_like(source, '^(www\.|(.+\.)?search\.)?yahoo\.([a-z]{2,3}|com?\.[a-z]{2})$')
        OR regexp_like(source, '^(www\.)?yandex\.([a-z]{2,3}|com\.[a-z]{2})$')
        OR regexp_like(source, '^((www|m)\.)?baidu\.com$')
        OR regexp_like(source, '^(.+\.)?(bing\.com|duckduckgo\.com|ecosia\.org|qwant\.com|startpage\.com|kagi\.com)$')
        OR regexp_like(source, '^(www\.)?(search\.brave\.com|ya\.ru|com\.google\.android\.googlequicksearchbox)$')
        THEN 'search'
      WHEN regexp_like(source, '^(facebook|instagram|threads|linkedin|reddit|pinterest|tiktok|youtube|twitter|x|bluesky|mastodon|telegram|whatsapp)$')
        OR regexp_like(source, '^(.+\.)?(facebook|instagram|threads|linkedin|reddit|tiktok|youtube|twitter|x|whatsapp|vk)\.com$')
        OR regexp_like(source, '^(.+\.)?(pinterest\.([a-z]{2,3}|com?\.[a-z]{2})|threads\.net|bsky\.app|mastodon\.social|telegram\.org)$')
        OR regexp_like(source, '^(www\.)?(fb\.me|lnkd\.in|redd\.it|pin\.it|youtu\.be|t\.co|t\.me|wa\.me|com\.linkedin\.android)$')
        THEN 'social'
      WHEN utm_source IS NOT NULL OR utm_campaign IS NOT NULL THEN 'campaign'
      WHEN source IS NOT NULL THEN 'referral'
      ELSE 'direct'
    END AS channel
  FROM sourced
)
