# Every function of the image reads the same settings (headwater_writer/settings.py).
locals {
  environment = merge(
    {
      GLUE_DATABASE         = var.database_name
      WAREHOUSE             = var.warehouse
      CONSUMER_GROUP        = "writer"
      MAX_EVENT_AGE_DAYS    = tostring(var.max_event_age_days)
      IP_POLICY             = var.ip_policy
      FAILED_RECORDS_PREFIX = "s3://${var.bucket_name}"
      FAILURES_TOPIC_ARN    = aws_sns_topic.failures.arn
    },
    { for plan in aws_s3_object.tracking_plan : "TRACKING_PLAN" => "s3://${plan.bucket}/${plan.key}" },
  )
}

resource "aws_cloudwatch_log_group" "writer" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a key of one's own costs $1 a month, and keeps out nobody whom the policies let in.

  name              = "/aws/lambda/${var.name}-writer"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "writer" {
  # checkov:skip=CKV_AWS_50:Traces are $5 a million requests, more than the function; metrics say what is slow.
  # checkov:skip=CKV_AWS_116:The mapping invokes it, and has a destination of its own for what fails.
  # checkov:skip=CKV_AWS_117:It calls public AWS APIs, and nothing in a VPC, where it would need NAT.
  # checkov:skip=CKV_AWS_173:No secret is in the environment: write keys are public.
  # checkov:skip=CKV_AWS_272:Lambda verifies no signatures of container images.

  function_name = "${var.name}-writer"
  description   = "Commits batches of the stream to the Iceberg tables, each event once."
  role          = aws_iam_role.writer.arn
  package_type  = "Image"
  image_uri     = var.image_uri
  architectures = [var.architecture]

  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = local.concurrency.writer
  publish                        = var.snap_start

  environment {
    variables = local.environment
  }

  ephemeral_storage {
    size = var.ephemeral_storage_mb
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.writer.name
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? [1] : []

    content {
      apply_on = "PublishedVersions"
    }
  }

  depends_on = [aws_iam_role_policy.writer]
}

# Only a published version has a snapshot to start from, so the mapping needs a name for the newest.
resource "aws_lambda_alias" "live" {
  count            = var.snap_start ? 1 : 0
  name             = "live"
  description      = "The version that the mapping invokes."
  function_name    = aws_lambda_function.writer.function_name
  function_version = aws_lambda_function.writer.version

  # When SnapStart is switched off, the mapping turns to the function before the alias goes.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn  = var.stream_arn
  function_name     = var.snap_start ? aws_lambda_alias.live[0].arn : aws_lambda_function.writer.arn
  starting_position = "TRIM_HORIZON"

  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.window_seconds

  # The ledger in the tables counts on each shard coming without gaps (docs/adr/0003): one batch of
  # a shard at a time, and no filter criteria.
  parallelization_factor = 1

  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = var.max_retries

  # A record that leaves the stream unwritten is lost; one given up on two hours before is kept. A
  # week is the most that a mapping takes.
  maximum_record_age_in_seconds = min((var.stream_retention_hours - 2) * 3600, 604800)

  destination_config {
    on_failure {
      destination_arn = var.bucket_arn
    }
  }

  # Counts what was given up on or dropped, for the alarms.
  metrics_config {
    metrics = ["EventCount"]
  }

  # Lambda tries the role's rights to read and to give up on batches when it makes the mapping.
  depends_on = [aws_iam_role_policy.writer]
}
