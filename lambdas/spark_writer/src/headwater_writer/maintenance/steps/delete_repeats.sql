DELETE FROM IDENTIFIER(:table)
WHERE load_time >= to_timestamp_ntz(:since)
  AND (ingest_shard, ingest_sequence, ingest_index) IN (
    SELECT ingest_shard, ingest_sequence, ingest_index FROM leftover_repeats
  )
