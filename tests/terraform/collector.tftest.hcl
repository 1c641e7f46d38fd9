mock_provider "aws" {
  source = "./mocks"
}

variables {
  name = "sample-collector"
  zip  = { file = "collector.tftest.hcl", architecture = "arm64" }
  settings = {
    entry                = "api"
    memory_mb            = 512
    reserved_concurrency = -1
    throttle             = { requests_per_second = 100, burst = 200 }
    allowed_origins      = ["*"]
    write_keys           = {}
    import_keys          = {}
    path_prefix          = "/first-party"
    capture_headers      = {}
    trust_cloudfront     = false
    gpc_policy           = "strip"
  }
  stream             = { name = "sample-events", arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events" }
  edge_secret        = ""
  metrics_namespace  = "Headwater/sample"
  log_retention_days = 30
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
    condition     = aws_cloudwatch_log_group.access[0].retention_in_days == 30
    error_message = "access logs are kept for ever"
  }

  assert {
    condition     = length(aws_lambda_function_url.collector) == 0 && length(aws_cloudformation_stack.invoke_through_url) == 0
    error_message = "the function has an address of its own too"
  }
}

run "has_an_address_of_its_own_instead" {
  variables {
    settings = merge(var.settings, { entry = "function_url", path_prefix = "" })
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
    condition     = aws_lambda_permission.function_url[0].function_url_auth_type == "NONE"
    error_message = "nobody may invoke the function through its URL"
  }
}

run "answers_at_a_domain_and_nowhere_else" {
  command = plan

  variables {
    settings = merge(var.settings, {
      path_prefix = ""
      domain = {
        name            = "events.example.com"
        certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
        hosted_zone_id  = "Z123"
      }
    })
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
    settings = merge(var.settings, {
      domain = {
        name            = "events.example.com"
        certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
      }
    })
  }

  module {
    source = "../../terraform/modules/collector"
  }

  assert {
    condition     = length(aws_route53_record.collector) == 0 && length(aws_apigatewayv2_api_mapping.collector) == 1
    error_message = "there is a record for no zone"
  }
}
