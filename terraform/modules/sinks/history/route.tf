# GET /v1/history: on the collector's API, or, behind a function URL, at an address of its own. A function
# of its own too: reading slows no request that brings events.

locals {
  is_keyed     = length(var.settings.read_keys_sha256) > 0
  api          = var.collector.entry == "api" ? 1 : 0
  function_url = var.collector.entry == "function_url" ? 1 : 0
}

module "reader" {
  source = "../../function"

  name               = "${var.name}-api"
  description        = "Answers GET /v1/history."
  zip                = merge(var.zip, { handler = "headwater_sinks.history.route.handler", runtime = "python3.13" })
  roles              = var.roles
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn

  limits = {
    memory_mb       = 512
    timeout_seconds = 25 # An HTTP API waits for 30.
    concurrency     = var.settings.reader_concurrency
  }

  # Digests, not keys: whoever sees the function, or Terraform's state, learns none.
  environment = merge(local.shared, {
    ALLOWED_ORIGINS   = join(",", var.collector.allowed_origins)
    HISTORY_READ_KEYS = jsonencode(var.settings.read_keys_sha256)
  })

  policy = {
    name = "read-history"
    statements = {
      Table = { actions = ["dynamodb:Query"], resources = [aws_dynamodb_table.history.arn] }
    }
  }
}

resource "aws_apigatewayv2_integration" "reader" {
  count                  = local.api
  api_id                 = var.collector.api_id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.reader.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "reader" {
  # checkov:skip=CKV_AWS_309:With read keys the function asks for one, without them IAM does.

  count              = local.api
  api_id             = var.collector.api_id
  route_key          = "GET ${var.collector.path_prefix}/v1/history"
  target             = "integrations/${aws_apigatewayv2_integration.reader[0].id}"
  authorization_type = local.is_keyed ? "NONE" : "AWS_IAM"
}

resource "aws_lambda_permission" "api" {
  count         = local.api
  statement_id  = "HttpApi"
  action        = "lambda:InvokeFunction"
  function_name = module.reader.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.collector.api_execution_arn}/*/GET${var.collector.path_prefix}/v1/history"
}

# By IAM alone: the address of a function that anyone may call would need the permissions of docs/adr/0008.
resource "aws_lambda_function_url" "reader" {
  count              = local.function_url
  function_name      = module.reader.name
  authorization_type = "AWS_IAM"
}
