-- The sessions that began on the days in question and are in the segment.
sessions_begun AS (
  SELECT sessions_read.*
  FROM sessions_read
  CROSS JOIN given
  WHERE sessions_read.day BETWEEN given.first_day AND given.last_day
    AND sessions_read.in_segment
)
