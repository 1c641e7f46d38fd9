mock_provider "aws" {
  source = "./mocks"
}

variables {
  name               = "sample-history"
  failed_bucket_name = "sample-history-123456789012-eu-west-1"
  settings           = { ttl_days = 30, write_shards = 4, read_keys_sha256 = ["2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"] }
  zip                = { file = "history.tftest.hcl", architecture = "arm64" }
  stream             = { arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events", retention_hours = 24 }
  max_event_age_days = 7
  log_retention_days = 30
  force_destroy      = true
  collector = {
    entry             = "api"
    api_id            = "mocked"
    api_execution_arn = "arn:aws:execute-api:eu-west-1:123456789012:mocked"
    allowed_origins   = ["https://example.com"]
    path_prefix       = "/first-party"
  }
}

run "keeps_items_for_their_time_and_can_go_back" {
  command = plan

  module {
    source = "../../terraform/modules/sinks/history"
  }

  assert {
    condition     = aws_dynamodb_table.history.billing_mode == "PAY_PER_REQUEST" && aws_dynamodb_table.history.point_in_time_recovery[0].enabled
    error_message = "the table is not on demand, or cannot be restored"
  }

  assert {
    condition     = aws_dynamodb_table.history.ttl[0].attribute_name == "expiresAt" && aws_dynamodb_table.history.ttl[0].enabled
    error_message = "items stay for ever"
  }
}

run "asks_for_a_read_key_on_the_route" {
  command = plan

  module {
    source = "../../terraform/modules/sinks/history"
  }

  assert {
    condition     = aws_apigatewayv2_route.reader[0].route_key == "GET /first-party/v1/history" && aws_apigatewayv2_route.reader[0].authorization_type == "NONE"
    error_message = "the route is ${aws_apigatewayv2_route.reader[0].route_key}"
  }

  assert {
    condition     = length(aws_lambda_function_url.reader) == 0
    error_message = "the history has a second address"
  }
}

run "leaves_it_to_iam_without_read_keys" {
  command = plan

  variables {
    settings = { ttl_days = 30, write_shards = 1, read_keys_sha256 = [] }
  }

  module {
    source = "../../terraform/modules/sinks/history"
  }

  assert {
    condition     = aws_apigatewayv2_route.reader[0].authorization_type == "AWS_IAM"
    error_message = "anyone may read the history"
  }
}

run "is_behind_iam_without_an_api" {
  command = plan

  variables {
    collector = { entry = "function_url", allowed_origins = ["*"], path_prefix = "" }
  }

  module {
    source = "../../terraform/modules/sinks/history"
  }

  assert {
    condition     = aws_lambda_function_url.reader[0].authorization_type == "AWS_IAM" && length(aws_apigatewayv2_route.reader) == 0
    error_message = "anyone may read the history"
  }
}
