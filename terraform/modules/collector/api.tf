# The entry "api": an HTTP API in front of the function.
#
# CORS is the function's own, so that every entry answers alike and an allow-list is kept in one
# place: neither the API nor the function URL has a configuration for it.

locals {
  api    = var.settings.entry == "api" ? 1 : 0
  domain = var.settings.domain == null ? 0 : 1
}

resource "aws_apigatewayv2_api" "collector" {
  count         = local.api
  name          = var.name
  description   = "Headwater's collector."
  protocol_type = "HTTP"

  # With a domain of its own, the API has one address and not two.
  disable_execute_api_endpoint = var.settings.domain != null
}

resource "aws_apigatewayv2_integration" "collector" {
  count                  = local.api
  api_id                 = aws_apigatewayv2_api.collector[0].id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.function.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "collector" {
  count     = local.api
  api_id    = aws_apigatewayv2_api.collector[0].id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.collector[0].id}"
}

resource "aws_apigatewayv2_stage" "collector" {
  count       = local.api
  api_id      = aws_apigatewayv2_api.collector[0].id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.settings.throttle.requests_per_second
    throttling_burst_limit = var.settings.throttle.burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access[0].arn

    # Counts and ids; no addresses, no user agents, no query strings. Each byte is paid for, so it is plain
    # text without field names (docs/metrics.md has the query); CloudWatch has the time of a line by itself.
    # What a client or an error may put spaces into is last.
    format = "$context.requestId $context.status $context.responseLatency $context.httpMethod $context.path $context.integrationErrorMessage"
  }
}

# Groups below /aws/vendedlogs need no entry in the account's one policy for log delivery, which
# has a limit that many APIs reach.
resource "aws_cloudwatch_log_group" "access" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  count             = local.api
  name              = "/aws/vendedlogs/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_lambda_permission" "api" {
  count         = local.api
  statement_id  = "HttpApi"
  action        = "lambda:InvokeFunction"
  function_name = module.function.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.collector[0].execution_arn}/*"
}

resource "aws_apigatewayv2_domain_name" "collector" {
  count       = local.domain
  domain_name = var.settings.domain.name

  domain_name_configuration {
    certificate_arn = var.settings.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "collector" {
  count       = local.domain
  api_id      = aws_apigatewayv2_api.collector[0].id
  domain_name = aws_apigatewayv2_domain_name.collector[0].id
  stage       = aws_apigatewayv2_stage.collector[0].id
}

resource "aws_route53_record" "collector" {
  count   = try(var.settings.domain.hosted_zone_id, null) == null ? 0 : 1
  zone_id = var.settings.domain.hosted_zone_id
  name    = var.settings.domain.name
  type    = "A"

  alias {
    name                   = aws_apigatewayv2_domain_name.collector[0].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.collector[0].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false
  }
}
