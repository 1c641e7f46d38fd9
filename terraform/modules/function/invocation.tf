# What invokes the function by itself, and what becomes of an asynchronous invocation that fails.

locals {
  schedules = var.schedule == null ? 0 : 1
}

resource "aws_cloudwatch_event_rule" "schedule" {
  count               = local.schedules
  name                = var.name
  description         = var.schedule.description
  schedule_expression = var.schedule.expression
}

resource "aws_cloudwatch_event_target" "schedule" {
  count = local.schedules
  rule  = aws_cloudwatch_event_rule.schedule[0].name
  arn   = aws_lambda_function.function.arn
  input = var.schedule.input

  retry_policy {
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 300
  }
}

resource "aws_lambda_permission" "schedule" {
  count         = local.schedules
  statement_id  = "Schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule[0].arn
}

resource "aws_lambda_function_event_invoke_config" "function" {
  count                        = var.asynchronous == null ? 0 : 1
  function_name                = aws_lambda_function.function.function_name
  maximum_retry_attempts       = var.asynchronous.max_retries
  maximum_event_age_in_seconds = var.asynchronous.max_age_seconds
}
