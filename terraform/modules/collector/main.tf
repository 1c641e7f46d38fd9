module "function" {
  source = "../function"

  name               = var.name
  description        = "Takes events by HTTP and puts them on the stream."
  zip                = merge(var.zip, { handler = "headwater_collector.lambda_function.handler", runtime = "python3.13" })
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  log_successes      = false
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb       = var.settings.memory_mb
    timeout_seconds = 15
    concurrency     = var.settings.reserved_concurrency
  }

  environment = {
    STREAM_NAME                  = var.stream.name
    ALLOWED_ORIGINS              = join(",", var.settings.allowed_origins)
    WRITE_KEYS                   = jsonencode(var.settings.write_keys)
    IMPORT_KEYS                  = jsonencode(var.settings.import_keys)
    PATH_PREFIX                  = var.settings.path_prefix
    CAPTURE_HEADERS              = jsonencode(var.settings.capture_headers)
    TRUST_CLOUDFRONT             = tostring(var.settings.trust_cloudfront)
    EDGE_SECRET                  = var.edge_secret
    GPC_POLICY                   = var.settings.gpc_policy
    POWERTOOLS_METRICS_NAMESPACE = var.metrics_namespace
  }

  policy = {
    name = "collect"
    statements = {
      Stream = { actions = ["kinesis:PutRecords"], resources = [var.stream.arn] }
    }
  }
}
