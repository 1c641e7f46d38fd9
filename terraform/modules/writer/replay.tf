# What the mapping gave up on is replayed: the writer's image with another handler, called
# when the batch arrives in the bucket, and every hour for what still waits there. A batch that fails
# stays, and an alarm says so. Operators invoke it for the table of failed records (docs/failures.md).

resource "aws_cloudwatch_log_group" "replay" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a key of one's own costs $1 a month, and keeps out nobody whom the policies let in.

  name              = "/aws/lambda/${var.name}-replay"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "replay" {
  # checkov:skip=CKV_AWS_50:Traces are $5 a million requests, more than the function; metrics say what is slow.
  # checkov:skip=CKV_AWS_116:A batch that fails stays in the bucket, for the next hour's run; an alarm tells.
  # checkov:skip=CKV_AWS_117:It calls public AWS APIs, and nothing in a VPC, where it would need NAT.
  # checkov:skip=CKV_AWS_173:No secret is in the environment: write keys are public.
  # checkov:skip=CKV_AWS_272:Lambda verifies no signatures of container images.

  function_name = "${var.name}-replay"
  description   = "Puts failed records and batches through again."
  role          = aws_iam_role.replay.arn
  package_type  = "Image"
  image_uri     = var.image_uri
  architectures = [var.architecture]

  memory_size                    = var.memory_mb
  timeout                        = 900 # The most: it stops by itself, and says what is left.
  reserved_concurrent_executions = local.concurrency.replay

  image_config {
    command = ["headwater_writer.functions.replay.handler"]
  }

  environment {
    variables = merge(local.environment, {
      FAILED_BATCHES_PREFIX = "s3://${var.bucket_name}/${var.failed_batches_prefix}/"
    })
  }

  ephemeral_storage {
    size = var.ephemeral_storage_mb
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.replay.name
  }

  depends_on = [aws_iam_role_policy.replay]
}

# Lambda would try twice more within minutes, which no fix takes: the next hour does.
resource "aws_lambda_function_event_invoke_config" "replay" {
  function_name                = aws_lambda_function.replay.function_name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 21600
}

# Where nothing waits, this lists the prefix and is done: Spark is not started for it.
resource "aws_cloudwatch_event_rule" "replay" {
  name                = "${var.name}-replay"
  description         = "When batches that still wait are taken up again."
  schedule_expression = "rate(1 hour)"
}

resource "aws_cloudwatch_event_target" "replay" {
  rule  = aws_cloudwatch_event_rule.replay.name
  arn   = aws_lambda_function.replay.arn
  input = jsonencode({ given_up = { alarm = true } })

  retry_policy {
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 300
  }
}

resource "aws_lambda_permission" "replay_schedule" {
  statement_id  = "Schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.replay.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.replay.arn
}

resource "aws_s3_bucket_notification" "failed_batches" {
  bucket = var.bucket_name

  lambda_function {
    lambda_function_arn = aws_lambda_function.replay.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "${var.failed_batches_prefix}/"
  }

  depends_on = [aws_lambda_permission.failed_batches]
}

resource "aws_lambda_permission" "failed_batches" {
  statement_id   = "FailedBatches"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.replay.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = var.bucket_arn
  source_account = var.account_id # A bucket's ARN does not say whose it is.
}

resource "aws_iam_role" "replay" {
  name               = "${var.name}-replay"
  assume_role_policy = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "replay" {
  name = "replay"
  role = aws_iam_role.replay.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.may_change_tables, local.may_make_tables, local.may_report_failures, local.may_read_tracking_plan, [
      {
        Sid      = "FailedBatches"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:DeleteObject"]
        Resource = "${var.bucket_arn}/${var.failed_batches_prefix}/*"
      },
      {
        Sid      = "ReplayedBatches"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${var.bucket_arn}/${var.replayed_batches_prefix}/*"
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.replay.arn}:*"
      },
    ])
  })
}
