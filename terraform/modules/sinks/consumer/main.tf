# A function that reads the stream independently of the writer. What its store does not take is retried for as
# long as the stream keeps it, since a store may be down for hours. A record that cannot be read causes no
# retries: the function leaves it out.

module "function" {
  source = "../../function"

  name               = var.name
  description        = var.description
  zip                = merge(var.zip, { handler = var.handler, runtime = "python3.13" })
  environment        = merge({ MAX_EVENT_AGE_DAYS = tostring(var.max_event_age_days) }, var.environment)
  network            = var.network
  roles              = var.roles
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn

  limits = {
    memory_mb       = 512
    timeout_seconds = 300
  }

  policy = {
    name       = var.policy_name
    statements = merge(var.statements, local.may_take_batches)
  }
}

locals {
  may_take_batches = {
    Stream = {
      actions = [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ]
      resources = [var.stream.arn]
    }

    # Lambda writes discarded batches with the function's role, and asks for both ("Retaining discarded batch
    # records for a Kinesis Data Streams event source in Lambda", AWS Lambda Developer Guide).
    FailedBatches = {
      actions   = ["s3:PutObject"]
      resources = ["${module.failed.arn}/aws/lambda/*"]
    }
    FailedBucket = {
      actions   = ["s3:ListBucket"]
      resources = [module.failed.arn]
    }
  }
}

# Not the data bucket: what arrives there is replayed into the tables.
module "failed" {
  source = "../../bucket"

  name          = var.failed_bucket_name
  key_arn       = var.key_arn
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_lifecycle_configuration" "failed" {
  bucket = module.failed.name

  rule {
    id     = "old"
    status = "Enabled"

    filter {}

    expiration {
      days = 90
    }

    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn  = var.stream.arn
  function_name     = module.function.arn
  starting_position = "TRIM_HORIZON"

  batch_size                         = 1000
  maximum_batching_window_in_seconds = var.window_seconds

  # The ranges noted for a shard rely on its records arriving without gaps: one batch of it at a time.
  parallelization_factor = 1

  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = -1

  # A batch is given up on two hours before it leaves the stream. A week is the most that a mapping takes.
  maximum_record_age_in_seconds = min((var.stream.retention_hours - 2) * 3600, 604800)

  destination_config {
    on_failure {
      destination_arn = module.failed.arn
    }
  }

  metrics_config {
    metrics = ["EventCount"]
  }
}
