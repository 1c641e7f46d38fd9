-- Which positions on the stream does more than one row of a table have?
-- None, as each row is there once. It reads all three tables.
-- Columns: table_name, ingest_shard, ingest_sequence, ingest_index, copies.
SELECT 'events' AS table_name, ingest_shard, ingest_sequence, ingest_index, count(*) AS copies
FROM events
GROUP BY 1, 2, 3, 4
HAVING count(*) > 1
UNION ALL
SELECT 'identifies', ingest_shard, ingest_sequence, ingest_index, count(*)
FROM identifies
GROUP BY 1, 2, 3, 4
HAVING count(*) > 1
UNION ALL
SELECT 'failed_records', ingest_shard, ingest_sequence, ingest_index, count(*)
FROM failed_records
GROUP BY 1, 2, 3, 4
HAVING count(*) > 1
