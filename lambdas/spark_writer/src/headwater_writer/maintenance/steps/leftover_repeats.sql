-- Where every event but its first appearance is; `identity` stands for the contract's columns of it.
-- Sequence numbers are too long for a number in SQL: the shorter is the smaller, and of one length
-- the text decides.
SELECT ingest_shard, ingest_sequence, ingest_index
FROM (
  SELECT
    ingest_shard,
    ingest_sequence,
    ingest_index,
    row_number() OVER (
      PARTITION BY {identity}
      ORDER BY load_time, length(ingest_sequence), ingest_sequence, ingest_index, ingest_shard
    ) AS appearance
  FROM IDENTIFIER(:table)
  WHERE load_time >= to_timestamp_ntz(:since)
)
WHERE appearance > 1
LIMIT 100000
