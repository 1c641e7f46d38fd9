mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                    = "sample"
  region                  = "eu-west-1"
  alarms                  = true
  dashboard               = true
  alert_email             = null
  freshness_minutes       = 15
  collector_function_name = "sample-collector"
  has_api                 = true
  api_id                  = "api"
  stream_name             = "sample-events"
  writer_function_name    = "sample-writer"
  writer_log_group_name   = "/aws/lambda/sample-writer"
  event_source_mapping_id = "00000000-0000-4000-8000-000000000001"
  workgroup               = "sample"
}

run "watches_every_stop" {
  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.route)) == toset([
      "api-errors", "collector-errors", "collector-throttles", "dead-letters", "dropped-records",
      "failed-records", "stream-throttles", "writer-errors", "writer-lag", "writer-throttles",
    ])
    error_message = "the alarms are ${jsonencode(keys(aws_cloudwatch_metric_alarm.route))}"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.route : alarm.alarm_actions == toset([output.topic_arn])])
    error_message = "an alarm tells nobody"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.route["writer-lag"].threshold == 900000 && aws_cloudwatch_metric_alarm.freshness[0].evaluation_periods == 3
    error_message = "lateness is not measured against freshness_minutes"
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0
    error_message = "mail goes to nobody"
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

run "watches_no_api_where_there_is_none" {
  command = plan

  variables {
    has_api = false
    api_id  = null
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.route), "api-errors")
    error_message = "there is an alarm on no API"
  }
}

run "mails_who_asked_for_it" {
  command = plan

  variables {
    alert_email = "ada@example.com"
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = aws_sns_topic_subscription.email[0].endpoint == "ada@example.com"
    error_message = "nobody is told"
  }
}

run "can_be_left_out" {
  command = plan

  variables {
    alarms      = false
    dashboard   = false
    alert_email = "ada@example.com"
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = (
      length(aws_cloudwatch_metric_alarm.route) == 0
      && length(aws_cloudwatch_metric_alarm.freshness) == 0
      && length(aws_sns_topic.alerts) == 0
      && length(aws_sns_topic_subscription.email) == 0
      && length(aws_cloudwatch_dashboard.route) == 0
      && output.topic_arn == null
    )
    error_message = "something watches all the same"
  }
}
