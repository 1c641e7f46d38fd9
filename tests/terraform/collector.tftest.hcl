mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                 = "sample-collector"
  zip_file             = "collector.tftest.hcl"
  architecture         = "arm64"
  memory_mb            = 512
  reserved_concurrency = -1
  entry                = "api"
  throttle             = { requests_per_second = 100, burst = 200 }
  domain               = null
  allowed_origins      = ["https://example.com", "https://shop.example.com"]
  write_keys           = { key = "website" }
  path_prefix          = "/first-party"
  capture_headers      = { "*" = ["dnt"] }
  trust_cloudfront     = true
  metrics_namespace    = "Headwater/sample"
  stream_name          = "sample-events"
  stream_arn           = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events"
  log_retention_days   = 30
}

run "tells_the_function_what_its_settings_read" {
  command = plan

  module {
    source = "../../terraform/modules/collector"
  }

  assert {
    condition = aws_lambda_function.collector.environment[0].variables == tomap({
      STREAM_NAME                  = "sample-events"
      ALLOWED_ORIGINS              = "https://example.com,https://shop.example.com"
      WRITE_KEYS                   = "{\"key\":\"website\"}"
      PATH_PREFIX                  = "/first-party"
      CAPTURE_HEADERS              = "{\"*\":[\"dnt\"]}"
      TRUST_CLOUDFRONT             = "true"
      POWERTOOLS_METRICS_NAMESPACE = "Headwater/sample"
    })
    error_message = "the environment is ${jsonencode(aws_lambda_function.collector.environment[0].variables)}"
  }

  assert {
    condition     = tolist(aws_lambda_function.collector.architectures) == tolist(["arm64"]) && aws_lambda_function.collector.reserved_concurrent_executions == -1
    error_message = "the function is not as asked for"
  }

  assert {
    condition     = aws_cloudwatch_log_group.function.retention_in_days == 30 && aws_cloudwatch_log_group.access[0].retention_in_days == 30
    error_message = "logs are kept for ever"
  }
}

run "stands_behind_a_throttled_api_that_logs_no_addresses" {
  module {
    source = "../../terraform/modules/collector"
  }

  assert {
    condition     = aws_apigatewayv2_integration.collector[0].payload_format_version == "2.0" && aws_apigatewayv2_route.collector[0].route_key == "$default"
    error_message = "the API does not send every path in payload format 2.0"
  }

  assert {
    condition     = aws_apigatewayv2_stage.collector[0].default_route_settings[0].throttling_rate_limit == 100 && aws_apigatewayv2_stage.collector[0].default_route_settings[0].throttling_burst_limit == 200
    error_message = "the API is not throttled"
  }

  assert {
    condition     = !can(regex("sourceIp|userAgent", aws_apigatewayv2_stage.collector[0].access_log_settings[0].format))
    error_message = "access logs name people"
  }

  assert {
    condition     = output.url == "https://mocked.execute-api.eu-west-1.amazonaws.com/first-party"
    error_message = "url is ${output.url}"
  }

  assert {
    condition     = length(aws_lambda_function_url.collector) == 0 && length(aws_cloudformation_stack.invoke_through_url) == 0
    error_message = "the function has an address of its own too"
  }
}

run "has_an_address_of_its_own_instead" {
  variables {
    entry                = "function_url"
    path_prefix          = ""
    reserved_concurrency = 20
  }

  module {
    source = "../../terraform/modules/collector"
  }

  assert {
    condition     = length(aws_apigatewayv2_api.collector) == 0 && length(aws_lambda_permission.api) == 0 && length(aws_cloudwatch_log_group.access) == 0
    error_message = "there is an API that nobody asked for"
  }

  assert {
    condition     = output.url == "https://mocked.lambda-url.eu-west-1.on.aws" && output.api_id == null
    error_message = "url is ${output.url}"
  }

  assert {
    condition     = jsondecode(aws_cloudformation_stack.invoke_through_url[0].template_body).Resources.InvokeThroughUrl.Properties.InvokedViaFunctionUrl
    error_message = "anyone may invoke the function past its URL"
  }

  assert {
    condition     = aws_lambda_permission.function_url[0].function_url_auth_type == "NONE" && aws_lambda_function.collector.reserved_concurrent_executions == 20
    error_message = "the function is not as asked for"
  }
}

run "answers_at_a_domain_and_nowhere_else" {
  command = plan

  variables {
    path_prefix = ""
    domain = {
      name            = "events.example.com"
      certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
      hosted_zone_id  = "Z123"
    }
  }

  module {
    source = "../../terraform/modules/collector"
  }

  assert {
    condition     = output.url == "https://events.example.com" && aws_apigatewayv2_api.collector[0].disable_execute_api_endpoint
    error_message = "url is ${output.url}"
  }

  assert {
    condition     = length(aws_route53_record.collector) == 1
    error_message = "the domain has no record"
  }
}

run "leaves_the_record_to_others_without_a_zone" {
  command = plan

  variables {
    domain = {
      name            = "events.example.com"
      certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
    }
  }

  module {
    source = "../../terraform/modules/collector"
  }

  assert {
    condition     = length(aws_route53_record.collector) == 0 && length(aws_apigatewayv2_api_mapping.collector) == 1
    error_message = "there is a record for no zone"
  }
}
