mock_provider "aws" {
  source = "./mocks"
}

variables {
  name              = "sample"
  account           = { region = "eu-west-1" }
  settings          = { alarms = true, dashboard = true, freshness_minutes = 15, failed_records = 100 }
  metrics_namespace = "Headwater/sample"
  topic_arn         = "arn:aws:sns:eu-west-1:123456789012:sample-failures"
  route = {
    collector   = { function_name = "sample-collector", entry = "api", api_id = "api" }
    stream      = { name = "sample-events" }
    writer      = { function_name = "sample-writer", log_group_name = "/aws/lambda/sample-writer" }
    maintenance = { function_name = "sample-maintenance" }
    replay      = { function_name = "sample-replay", log_group_name = "/aws/lambda/sample-replay" }
    queries     = { workgroup = "sample", scan_limit_gb = 100 }
  }
}

run "watches_every_stop" {
  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.route)) == toset([
      "api-errors", "collector-errors", "collector-throttles", "dead-letters", "dropped-records",
      "failed-records", "maintenance-errors", "missing-rows", "replay-errors", "stream-failures", "stream-throttles", "writer-errors", "writer-lag", "writer-throttles",
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

run "watches_for_rows_that_no_retry_explains" {
  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = {
      for query in aws_cloudwatch_metric_alarm.covered_rows[0].metric_query : query.id => try(query.metric[0].metric_name, query.expression)
      } == {
      unexplained = "IF(FILL(errors, 0) > 0, 0, covered)"
      covered     = "Covered"
      errors      = "Errors"
    }
    error_message = "a batch that is tried again rings like a mapping that leaves gaps"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.covered_rows[0].threshold == 0
      && aws_cloudwatch_metric_alarm.covered_rows[0].datapoints_to_alarm == 3
      && aws_cloudwatch_metric_alarm.covered_rows[0].evaluation_periods == 12
    )
    error_message = "a single batch that came twice rings, or a mapping that leaves gaps does not"
  }

  assert {
    condition = {
      for query in aws_cloudwatch_metric_alarm.repeated_events[0].metric_query : query.id => try(query.metric[0].metric_name, query.expression)
      } == {
      share   = "IF(repeats > 100, 100 * repeats / (repeats + FILL(rows, 0)), 0)"
      repeats = "Repeats"
      rows    = "EventRows"
    }
    error_message = "repeats are not measured against the events that they are repeats of"
  }

  assert {
    condition = alltrue([
      for alarm in [aws_cloudwatch_metric_alarm.covered_rows[0], aws_cloudwatch_metric_alarm.repeated_events[0]] :
      alarm.alarm_actions == toset([var.topic_arn]) && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "an alarm tells nobody, or rings where nothing was counted"
  }

  assert {
    condition     = { for name, filter in aws_cloudwatch_log_metric_filter.writer : name => filter.metric_transformation[0].value if contains(["Covered", "Missing", "Repeats"], name) } == { Covered = "$.covered", Missing = "$.missing", Repeats = "$.repeats" }
    error_message = "what the writer left out, or found missing, is not counted"
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
    route = merge(var.route, {
      collector   = { function_name = "sample-collector", entry = "function_url" }
      maintenance = null
    })
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
    settings = merge(var.settings, { alarms = false, dashboard = false })
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition = (
      length(aws_cloudwatch_metric_alarm.route) == 0
      && length(aws_cloudwatch_metric_alarm.freshness) == 0
      && length(aws_cloudwatch_metric_alarm.covered_rows) == 0
      && length(aws_cloudwatch_metric_alarm.repeated_events) == 0
      && length(aws_cloudwatch_dashboard.route) == 0
      && output.dashboard_name == null
    )
    error_message = "something watches all the same"
  }
}

run "watches_each_config_of_the_poller" {
  variables {
    route = {
      collector   = { function_name = "sample-collector", entry = "api", api_id = "api" }
      stream      = { name = "sample-events" }
      writer      = { function_name = "sample-writer", log_group_name = "/aws/lambda/sample-writer" }
      maintenance = { function_name = "sample-maintenance" }
      replay      = { function_name = "sample-replay", log_group_name = "/aws/lambda/sample-replay" }
      queries     = { workgroup = "sample", scan_limit_gb = 100 }
      poller      = { sources = ["shop", "weblogs"] }
    }
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.poller_failures) == ["shop", "weblogs"] && keys(aws_cloudwatch_metric_alarm.poller_silence) == ["shop", "weblogs"]
    error_message = "a config is not watched"
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.route[0].dashboard_body).widgets) == 15
    error_message = "the poller has no place on the dashboard"
  }
}

run "rings_when_the_canary_loses_events" {
  variables {
    route = merge(var.route, { canary = { function_name = "sample-canary" } })
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  # Two of three windows: one flight may meet a deployment, and the third window is not waited for. The file is what
  # tests/e2e/test_canary.py evaluates on the samples of real flights.
  assert {
    condition = jsonencode(jsondecode(file("../golden/canary_alarm.json"))) == jsonencode({
      for name, value in aws_cloudwatch_metric_alarm.route["canary-loss"] : name => value
      if contains(["comparison_operator", "datapoints_to_alarm", "dimensions", "evaluation_periods", "metric_name", "statistic", "threshold", "treat_missing_data"], name)
    })
    error_message = "a loss is not told within three windows"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.route["canary-loss"].period == 300
    error_message = "a window is not as long as the time between two flights"
  }

  assert {
    condition     = strcontains(aws_cloudwatch_metric_alarm.route["canary-loss"].alarm_description, "read /aws/lambda/sample-canary")
    error_message = "the alarm says nothing of what to do"
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.route[0].dashboard_body).widgets) == 13
    error_message = "the canary has no place on the dashboard"
  }
}

run "rings_when_the_cluster_is_late" {
  variables {
    route = merge(var.route, { cluster = { log_group_name = "/aws/emr-serverless/sample-cluster", keeper_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:sample-cluster", writes = true } })
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = one(aws_cloudwatch_metric_alarm.cluster_lag).threshold == 900000 && contains(keys(aws_cloudwatch_metric_alarm.route), "cluster-not-running")
    error_message = "lateness is not measured against freshness_minutes"
  }
}

run "rings_for_no_cluster_that_only_stands_by" {
  variables {
    route = merge(var.route, { cluster = { log_group_name = "/aws/emr-serverless/sample-cluster", keeper_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:sample-cluster", writes = false } })
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.cluster_lag) == 0 && contains(keys(aws_cloudwatch_metric_alarm.route), "cluster-not-running")
    error_message = "the writer's lag rings as the cluster's"
  }
}

run "rings_when_the_reports_fail_or_read_nearly_too_much" {
  variables {
    route = merge(var.route, { reports = { function_name = "sample-reports" } })
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = alltrue([for name in ["reports-errors", "reports-throttles"] : aws_cloudwatch_metric_alarm.route[name].dimensions == tomap({ FunctionName = "sample-reports" })])
    error_message = "another function's failures ring"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.route["reports-scan"].threshold == 80 * pow(1024, 3) && aws_cloudwatch_metric_alarm.route["reports-scan"].statistic == "Maximum"
    error_message = "no query is told of before it is stopped"
  }

  assert {
    condition     = strcontains(aws_cloudwatch_metric_alarm.route["reports-scan"].alarm_description, "ask for fewer days or raise queries.scan_limit_gb")
    error_message = "the alarm says nothing of what to do"
  }
}

run "rings_when_nobody_takes_offers" {
  variables {
    route = merge(var.route, { committer = { function_name = "sample-committer", queue_name = "sample-committer-offers" } })
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.route["committer-errors"].dimensions == tomap({ FunctionName = "sample-committer" })
    error_message = "another function's failures ring"
  }

  # Longer than an offer that failed once takes until it comes again (committer.tftest.hcl), shorter than it is kept.
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.route["committer-lag"].dimensions == tomap({ QueueName = "sample-committer-offers" })
      && aws_cloudwatch_metric_alarm.route["committer-lag"].statistic == "Maximum"
      && aws_cloudwatch_metric_alarm.route["committer-lag"].threshold == 900
    )
    error_message = "a committer that is not there goes unnoticed, or one failure rings twice"
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.route[0].dashboard_body).widgets) == 14
    error_message = "the committer has no place on the dashboard"
  }
}

run "has_no_poller_to_watch" {
  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.poller_failures) == 0 && length(jsondecode(aws_cloudwatch_dashboard.route[0].dashboard_body).widgets) == 12
    error_message = "a poller is watched that is not there"
  }
}
