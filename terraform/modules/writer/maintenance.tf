# Compaction, expiry and the removal of leftovers: the writer's image with another handler, on a
# schedule. Leases in the tables keep two runs from meeting.

locals {
  maintains = var.maintenance_schedule == null ? 0 : 1
}

resource "aws_cloudwatch_log_group" "maintenance" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a key of one's own costs $1 a month, and keeps out nobody whom the policies let in.

  count             = local.maintains
  name              = "/aws/lambda/${var.name}-maintenance"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "maintenance" {
  # checkov:skip=CKV_AWS_50:Traces are $5 a million requests, more than the function; metrics say what is slow.
  # checkov:skip=CKV_AWS_116:The next run does what one could not; an alarm tells.
  # checkov:skip=CKV_AWS_117:It calls public AWS APIs, and nothing in a VPC, where it would need NAT.
  # checkov:skip=CKV_AWS_173:No secret is in the environment: write keys are public.
  # checkov:skip=CKV_AWS_272:Lambda verifies no signatures of container images.

  count = local.maintains

  function_name = "${var.name}-maintenance"
  description   = "Keeps the Iceberg tables small and quick."
  role          = aws_iam_role.maintenance[0].arn
  package_type  = "Image"
  image_uri     = var.image_uri
  architectures = [var.architecture]

  memory_size                    = var.memory_mb
  timeout                        = 900 # The most: a run ends by itself when nothing is due.
  reserved_concurrent_executions = local.concurrency.maintenance

  image_config {
    command = ["headwater_writer.functions.maintenance.handler"]
  }

  # How long the stream keeps a record says for how long a shard's ledger is of use.
  environment {
    variables = merge(local.environment, { STREAM_RETENTION_HOURS = tostring(var.stream_retention_hours) })
  }

  ephemeral_storage {
    size = var.ephemeral_storage_mb
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.maintenance[0].name
  }

  depends_on = [aws_iam_role_policy.maintenance]
}

resource "aws_cloudwatch_event_rule" "maintenance" {
  count               = local.maintains
  name                = "${var.name}-maintenance"
  description         = "When the tables are maintained."
  schedule_expression = var.maintenance_schedule
}

resource "aws_cloudwatch_event_target" "maintenance" {
  count = local.maintains
  rule  = aws_cloudwatch_event_rule.maintenance[0].name
  arn   = aws_lambda_function.maintenance[0].arn
  input = "{}" # Whatever is due, to every table.

  retry_policy {
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 300
  }
}

# The next run does what this one could not. Lambda would repeat a failed one at once, twice.
resource "aws_lambda_function_event_invoke_config" "maintenance" {
  count                        = local.maintains
  function_name                = aws_lambda_function.maintenance[0].function_name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 3600
}

resource "aws_lambda_permission" "schedule" {
  count         = local.maintains
  statement_id  = "Schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.maintenance[0].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.maintenance[0].arn
}

resource "aws_iam_role" "maintenance" {
  count              = local.maintains
  name               = "${var.name}-maintenance"
  assume_role_policy = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "maintenance" {
  count = local.maintains
  name  = "maintain"
  role  = aws_iam_role.maintenance[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.may_change_tables, [
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.maintenance[0].arn}:*"
      },
    ])
  })
}
