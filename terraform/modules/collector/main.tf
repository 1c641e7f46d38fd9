resource "aws_cloudwatch_log_group" "function" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a key of one's own costs $1 a month, and keeps out nobody whom the policies let in.

  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "collector" {
  # checkov:skip=CKV_AWS_50:Traces are $5 a million requests, more than the function; metrics say what is slow.
  # checkov:skip=CKV_AWS_116:It answers its caller, and clients send again what failed; a dead-letter queue is for asynchronous calls.
  # checkov:skip=CKV_AWS_117:It calls public AWS APIs, and nothing in a VPC, where it would need NAT.
  # checkov:skip=CKV_AWS_173:No secret is in the environment: write keys are public.
  # checkov:skip=CKV_AWS_272:The code is what the apply has built or was given, and is named after its digest.

  function_name = var.name
  description   = "Takes events by HTTP and puts them on the stream."
  role          = aws_iam_role.collector.arn

  # The file's name has the hash of what it was built from, so another name is another function
  # code, and a checkout that never built it plans no change.
  filename      = var.zip_file
  handler       = "headwater_collector.lambda_function.handler"
  runtime       = "python3.13"
  architectures = [var.architecture]

  memory_size                    = var.memory_mb
  timeout                        = 15
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = {
      STREAM_NAME                  = var.stream_name
      ALLOWED_ORIGINS              = join(",", var.allowed_origins)
      WRITE_KEYS                   = jsonencode(var.write_keys)
      PATH_PREFIX                  = var.path_prefix
      CAPTURE_HEADERS              = jsonencode(var.capture_headers)
      TRUST_CLOUDFRONT             = tostring(var.trust_cloudfront)
      POWERTOOLS_METRICS_NAMESPACE = var.metrics_namespace
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function.name
  }

  depends_on = [aws_iam_role_policy.collector]
}
