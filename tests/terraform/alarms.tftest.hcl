# Every alarm, and the dashboard beside them, for Python's tests to read (test_alarms.py).

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
    committer   = { function_name = "sample-committer", queue_name = "sample-committer-offers" }
    maintenance = { function_name = "sample-maintenance" }
    replay      = { function_name = "sample-replay", log_group_name = "/aws/lambda/sample-replay" }
    queries     = { workgroup = "sample", scan_limit_gb = 100 }
    poller      = { sources = ["shop", "weblogs"] }
    archive     = { function_name = "sample-archive", delivery_stream_name = "sample-archive" }
    history     = { function_name = "sample-history", event_source_mapping_id = "00000000-0000-4000-8000-000000000002" }
    counts      = { function_name = "sample-counts", event_source_mapping_id = "00000000-0000-4000-8000-000000000003" }
    canary      = { function_name = "sample-canary" }
    reports     = { function_name = "sample-reports" }
    cluster     = { log_group_name = "/aws/emr-serverless/sample-cluster", keeper_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:sample-cluster", writes = true }
  }
}

run "behind_an_api" {
  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = output.dashboard_name != null
    error_message = "nothing is watched"
  }
}

run "behind_a_function_url" {
  variables {
    route = merge(var.route, { collector = { function_name = "sample-collector", entry = "function_url" } })
  }

  module {
    source = "../../terraform/modules/monitoring"
  }

  assert {
    condition     = output.dashboard_name != null
    error_message = "nothing is watched"
  }
}
