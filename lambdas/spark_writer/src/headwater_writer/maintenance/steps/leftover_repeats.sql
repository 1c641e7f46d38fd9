-- Where every event but its first appearance is; `identity` stands for the contract's columns of it.
-- Few events are repeated, and rows are wide. So the first pass counts hashes, a number a row, and
-- only rows whose hash appears twice are sorted, the whole identity deciding. The limits bound the
-- memory of a run; the next one goes on.
-- Sequence numbers are too long for a number in SQL: the shorter is the smaller, and of one length
-- the text decides.
WITH repeated AS (
  SELECT identity_hash
  FROM (
    SELECT /*+ REPARTITION(16, identity_hash) */ xxhash64({identity}) AS identity_hash
    FROM IDENTIFIER(:table)
    WHERE load_time >= to_timestamp_ntz(:since)
  )
  GROUP BY identity_hash
  HAVING count(*) > 1
  LIMIT 100000
)
SELECT ingest_shard, ingest_sequence, ingest_index
FROM (
  SELECT /*+ BROADCAST(repeated) */
    ingest_shard,
    ingest_sequence,
    ingest_index,
    row_number() OVER (
      PARTITION BY {identity}
      ORDER BY load_time, length(ingest_sequence), ingest_sequence, ingest_index, ingest_shard
    ) AS appearance
  FROM IDENTIFIER(:table)
  LEFT SEMI JOIN repeated ON xxhash64({identity}) = identity_hash
  WHERE load_time >= to_timestamp_ntz(:since)
)
WHERE appearance > 1
LIMIT 100000
