-- Who an id belongs to: the user that it was identified as, or was replaced by, over at most two
-- steps (device, old id, new id). An id that led to two users is a shared device: it has no row, so
-- its anonymous events stay apart.
users AS (
  SELECT app_id, id, min(user_id) AS user_id
  FROM (
    -- Each link twice, where it begins and where it ends: at its end are those that lead further.
    SELECT
      links.app_id,
      links.id,
      ends.is_begin,
      CASE
        WHEN min(CASE WHEN ends.is_begin THEN links.user_id END) OVER at_id
          = max(CASE WHEN ends.is_begin THEN links.user_id END) OVER at_id
          THEN min(CASE WHEN ends.is_begin THEN links.user_id END) OVER at_id
        ELSE links.user_id
      END AS user_id
    FROM (
      SELECT DISTINCT app_id, prev_user_id AS id, new_user_id AS user_id
      FROM identifies
      WHERE prev_user_id <> new_user_id
    ) AS links
    CROSS JOIN (VALUES (true), (false)) AS ends (is_begin)
    WINDOW at_id AS (
      PARTITION BY links.app_id, CASE WHEN ends.is_begin THEN links.id ELSE links.user_id END
    )
  ) AS followed
  WHERE NOT is_begin
  GROUP BY app_id, id
  HAVING count(DISTINCT user_id) = 1
)
