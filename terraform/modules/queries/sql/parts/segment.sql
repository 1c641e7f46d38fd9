-- A segment's conditions, one a line, each a list: what is looked at, whether that is to be
-- otherwise ('!') or so (''), and '=' with the value ('' is any). Trino compares no lists with nulls.
segment AS (
  SELECT
    transform(
      filter(split(given.segment, chr(10)), line -> line <> ''),
      line -> ARRAY[
        regexp_extract(line, '^!?(("[^"]*"|[^"=!])+)', 1),
        CASE WHEN regexp_like(line, '^(!|("[^"]*"|[^"=!])+!=)') THEN '!' ELSE '' END,
        CASE WHEN regexp_like(line, '^("[^"]*"|[^"=!])+!?=')
          THEN regexp_extract(line, '^("[^"]*"|[^"=!])+!?(=[^\n]*)', 2)
          ELSE ''
        END
      ]
    ) AS conditions
  FROM given
),
-- Of the traits that it names, what each person's identifies of the app told last: lists of name and
-- value.
traits_told AS (
  SELECT person, array_agg(ARRAY[name, value]) AS told
  FROM (
    SELECT
      *,
      row_number() OVER (PARTITION BY person, name ORDER BY event_time DESC, event_id DESC) AS place
    FROM (
      SELECT
        coalesce(known.user_id, identify.new_user_id) AS person,
        identify.event_time,
        identify.event_id,
        element_at(each.condition, 1) AS name,
        json_extract_scalar(identify.traits, concat('$', substr(element_at(each.condition, 1), 7)))
          AS value
      FROM identifies AS identify
      CROSS JOIN given
      CROSS JOIN segment
      CROSS JOIN UNNEST(segment.conditions) AS each (condition)
      LEFT JOIN users AS known ON known.app_id = identify.app_id AND known.id = identify.new_user_id
      WHERE strpos(given.segment, 'traits') > 0
        AND element_at(each.condition, 1) LIKE 'traits%'
        AND identify.app_id <> 'headwater-canary'
        AND given.app IN ('', identify.app_id)
    ) AS every_time
    WHERE value IS NOT NULL
  ) AS in_order
  WHERE place = 1
  GROUP BY person
)
