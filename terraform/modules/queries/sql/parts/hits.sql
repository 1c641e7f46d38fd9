-- The events of the days in question that are in the segment.
hits AS (
  SELECT reading.*
  FROM reading
  CROSS JOIN given
  WHERE reading.day BETWEEN given.first_day AND given.last_day
    AND reading.in_segment
)
