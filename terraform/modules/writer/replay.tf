# What the mapping gave up on is put through again: the writer's image with another handler, called
# when the batch arrives in the bucket. A batch that still fails stays there, and an alarm says so.

resource "aws_cloudwatch_log_group" "replay" {
  name              = "/aws/lambda/${var.name}-replay"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "replay" {
  function_name = "${var.name}-replay"
  description   = "Puts batches through again that the mapping gave up on."
  role          = aws_iam_role.replay.arn
  package_type  = "Image"
  image_uri     = var.image_uri
  architectures = [var.architecture]
  memory_size   = var.memory_mb
  timeout       = var.timeout_seconds

  image_config {
    command = ["headwater_writer.failures.given_up_function.handler"]
  }

  environment {
    variables = local.environment
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
    Statement = concat(local.may_write_tables, local.may_report_failures, local.may_read_tracking_plan, [
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
