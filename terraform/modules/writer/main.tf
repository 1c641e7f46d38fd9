locals {
  # One a shard, and a stream that is being resharded has more shards for a while, at most twice as
  # many ("UpdateShardCount", Amazon Kinesis API reference). A stream that grows by itself does not
  # say how many it will have.
  writers = var.stream.shards == null ? null : 2 * var.stream.shards

  # The writer's alone: a replay is not on the stream's way, and commits by itself.
  offering = { for queue in var.offers_queue[*] : "OFFERS_QUEUE_URL" => queue.url }
}

module "function" {
  source = "../function"

  name               = var.name
  description        = "Commits batches of the stream to the Iceberg tables, each event once."
  image              = var.image
  environment        = merge(local.environment, local.offering)
  snap_start         = var.settings.snap_start
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb            = var.settings.memory_mb
    timeout_seconds      = var.settings.timeout_seconds
    ephemeral_storage_mb = var.settings.ephemeral_storage_mb
    concurrency          = var.settings.reserve_concurrency ? local.writers : null
  }

  policy = {
    name       = "write"
    statements = merge(local.may_write_rows, local.may_keep_views, local.may_offer, local.may_take_batches, local.may_be_sent_batches)
  }
}

# Two megabytes a second of each shard for the writer alone, however many others read the stream.
resource "aws_kinesis_stream_consumer" "writer" {
  count      = var.settings.enhanced_fan_out ? 1 : 0
  name       = var.name
  stream_arn = var.stream.arn
}

resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn  = var.settings.enhanced_fan_out ? aws_kinesis_stream_consumer.writer[0].arn : var.stream.arn
  function_name     = module.function.arn
  starting_position = "TRIM_HORIZON"

  # Two that write do no harm, but get in each other's way (docs/scale.md).
  enabled = !var.is_relieved

  batch_size                         = var.settings.batch_size
  maximum_batching_window_in_seconds = var.settings.window_seconds

  # The ledger in the tables counts on each shard coming without gaps (docs/adr/0003): one batch of
  # a shard at a time, and no filter criteria.
  parallelization_factor = 1

  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = var.settings.max_retries

  # A record that leaves the stream unwritten is lost; one given up on two hours before is kept. A
  # week is the most that a mapping takes.
  maximum_record_age_in_seconds = min((var.stream.retention_hours - 2) * 3600, 604800)

  destination_config {
    on_failure {
      destination_arn = var.lake.bucket.arn
    }
  }
}
