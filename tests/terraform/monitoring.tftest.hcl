mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                      = "sample"
  region                    = "eu-west-1"
  alarms                    = true
  dashboard                 = true
  topic_arn                 = "arn:aws:sns:eu-west-1:123456789012:sample-failures"
  maintains                 = true
  maintenance_function_name = "sample-maintenance"
  replay_function_name      = "sample-replay"
  freshness_minutes         = 15
  failed_records            = 100
  metrics_namespace         = "Headwater/sample"
  collector_function_name   = "sample-collector"
  has_api                   = true
  api_id                    = "api"
  stream_name               = "sample-events"
  writer_function_name      = "sample-writer"
  writer_log_group_name     = "/aws/lambda/sample-writer"
  event_source_mapping_id   = "00000000-0000-4000-8000-000000000001"
  workgroup                 = "sample"
}

run "watches_every_stop" {
  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.route)) == toset([
      "api-errors", "collector-errors", "collector-throttles", "dead-letters", "dropped-records",
      "failed-records", "maintenance-errors", "replay-errors", "stream-failures", "stream-throttles", "writer-errors", "writer-lag", "writer-throttles",
    ])
    error_message = "the alarms are ${jsonencode(keys(aws_cloudwatch_metric_alarm.route))}"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.route : alarm.alarm_actions == toset([var.topic_arn])])
    error_message = "an alarm tells nobody"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.route["writer-lag"].threshold == 900000 && aws_cloudwatch_metric_alarm.freshness[0].evaluation_periods == 4
    error_message = "lateness is not measured against freshness_minutes"
  }

  # With FILL in place of IF, a metric that never had a value would stay without one.
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.freshness[0].metric_query : query.expression if query.id == "followed"]) == "IF(arrived > 0, commits, 1)"
    error_message = "a writer that never committed may go unnoticed"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.route["failed-records"].threshold == 100 && aws_cloudwatch_metric_alarm.route["api-errors"].dimensions == tomap({ ApiId = "api" })
    error_message = "an alarm is not on what was asked for"
  }
}

run "shows_the_route_from_left_to_right" {
  command = plan

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = [
      for widget in jsondecode(aws_cloudwatch_dashboard.route[0].dashboard_body).widgets :
      widget.properties.title if widget.y == 0
    ] == ["Collector", "Stream", "Writer", "Lake", "Queries"]
    error_message = "the dashboard's first row is not the route"
  }

  assert {
    condition     = max([for widget in jsondecode(aws_cloudwatch_dashboard.route[0].dashboard_body).widgets : widget.x + widget.width]...) == 24
    error_message = "the columns do not fill the dashboard"
  }
}

run "watches_no_part_that_is_not_there" {
  command = plan

  variables {
    has_api                   = false
    api_id                    = null
    maintains                 = false
    maintenance_function_name = null
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = length(setintersection(keys(aws_cloudwatch_metric_alarm.route), ["api-errors", "maintenance-errors"])) == 0
    error_message = "there is an alarm on nothing"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.route["url-errors"].metric_name == "Url5xxCount" && aws_cloudwatch_metric_alarm.route["url-errors"].dimensions == tomap({ FunctionName = "sample-collector" })
    error_message = "nobody hears of a function URL that answers 5xx"
  }
}

run "can_be_left_out" {
  command = plan

  variables {
    alarms    = false
    dashboard = false
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = (
      length(aws_cloudwatch_metric_alarm.route) == 0
      && length(aws_cloudwatch_metric_alarm.freshness) == 0
      && length(aws_cloudwatch_dashboard.route) == 0
      && output.dashboard_name == null
    )
    error_message = "something watches all the same"
  }
}
