-- None of the segment's conditions fails. An engine leaves columns unread only behind a constant, so
-- whether there is a segment is asked of the parameter itself.
CASE WHEN CAST(:segment AS varchar) = '' THEN true ELSE cardinality(filter(
  transform(segment.conditions, condition -> ARRAY[
    element_at(condition, 2),
    element_at(condition, 3),
    CASE element_at(condition, 1)
      WHEN 'event_type' THEN event.event_type
      WHEN 'app_id' THEN event.app_id
      WHEN 'browser' THEN event.browser
      WHEN 'os' THEN event.os
      WHEN 'device_type' THEN event.device_type
      WHEN 'country' THEN event.country
      WHEN 'city' THEN event.city
      WHEN 'locale' THEN event.locale
      WHEN 'timezone' THEN event.timezone
      WHEN 'host' THEN event.host
      WHEN 'path' THEN event.path
      WHEN 'referrer_host' THEN event.referrer_host
      WHEN 'utm_source' THEN event.utm_source
      WHEN 'utm_medium' THEN event.utm_medium
      WHEN 'utm_campaign' THEN event.utm_campaign
      WHEN 'channel' THEN event.channel
      WHEN 'library' THEN event.library
      WHEN 'consent' THEN event.consent
      WHEN 'group_id' THEN event.group_id
      ELSE CASE
        WHEN element_at(condition, 1) LIKE 'properties%' THEN json_extract_scalar(
          event.properties,
          concat('$', substr(element_at(condition, 1), 11))
        )
        ELSE element_at(element_at(filter(
          traits_told.told, trait -> element_at(trait, 1) = element_at(condition, 1)
        ), 1), 2)
      END
    END
  ]),
  tried -> (
    element_at(tried, 3) IS NOT NULL
    AND element_at(tried, 2) IN ('', concat('=', element_at(tried, 3)))
  ) = (element_at(tried, 1) = '!')
)) = 0 END
