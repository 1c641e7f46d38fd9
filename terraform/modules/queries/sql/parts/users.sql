-- Who an id belongs to: the user that it was identified as, or was replaced by, over at most two
-- steps (device, old id, new id). An id that led to two users is a shared device: it has no row, so
-- its anonymous events stay apart.
users AS (
  SELECT links.app_id, links.id, min(coalesce(direct.user_id, links.user_id)) AS user_id
  FROM (
    SELECT DISTINCT app_id, prev_user_id AS id, new_user_id AS user_id
    FROM identifies
    WHERE prev_user_id <> new_user_id
  ) AS links
  LEFT JOIN (
    SELECT app_id, prev_user_id AS id, min(new_user_id) AS user_id
    FROM identifies
    WHERE prev_user_id <> new_user_id
    GROUP BY app_id, prev_user_id
    HAVING count(DISTINCT new_user_id) = 1
  ) AS direct
    ON direct.app_id = links.app_id AND direct.id = links.user_id
  GROUP BY links.app_id, links.id
  HAVING count(DISTINCT coalesce(direct.user_id, links.user_id)) = 1
)
