# An API of its own: the collector's is open to the world, and this one to those who sign in. Page and
# answers have one origin, so no other page may ask, and there is no CORS.

resource "aws_apigatewayv2_api" "reports" {
  name          = var.name
  description   = "Headwater's reports."
  protocol_type = "HTTP"

  # With a domain of its own, the API has one address and not two.
  disable_execute_api_endpoint = var.settings.domain != null
}

# The id token of the page: API Gateway verifies its signature by the issuer's keys, its issuer, its audience
# and its time ("Control access to HTTP APIs with JWT authorizers", API Gateway developer guide).
resource "aws_apigatewayv2_authorizer" "login" {
  api_id           = aws_apigatewayv2_api.reports.id
  name             = "login"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.settings.login.issuer
    audience = [var.settings.login.client_id]
  }
}

resource "aws_apigatewayv2_integration" "reports" {
  api_id                 = aws_apigatewayv2_api.reports.id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.function.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "answers" {
  api_id             = aws_apigatewayv2_api.reports.id
  route_key          = "GET /reports/answers/{answer+}"
  target             = "integrations/${aws_apigatewayv2_integration.reports.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.login.id
}

# The function answers no question that comes this way, whatever its spelling.
resource "aws_apigatewayv2_route" "pages" {
  # checkov:skip=CKV_AWS_309:Pages are those of the public repository, and say where to sign in.

  api_id    = aws_apigatewayv2_api.reports.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.reports.id}"
}

resource "aws_apigatewayv2_stage" "reports" {
  api_id      = aws_apigatewayv2_api.reports.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.settings.throttle.requests_per_second
    throttling_burst_limit = var.settings.throttle.burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn

    # Whose token it was, for an audit; no addresses, no user agents, no query strings.
    format = jsonencode({
      time       = "$context.requestTime"
      request_id = "$context.requestId"
      path       = "$context.path"
      status     = "$context.status"
      bytes      = "$context.responseLength"
      latency_ms = "$context.responseLatency"
      subject    = "$context.authorizer.claims.sub"
      error      = "$context.authorizer.error"
    })
  }
}

# Groups below /aws/vendedlogs need no entry in the account's one policy for log delivery, which
# has a limit that many APIs reach.
resource "aws_cloudwatch_log_group" "access" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  name              = "/aws/vendedlogs/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_lambda_permission" "api" {
  statement_id  = "HttpApi"
  action        = "lambda:InvokeFunction"
  function_name = module.function.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.reports.execution_arn}/*"
}
