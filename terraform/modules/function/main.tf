locals {
  code = {
    architecture = try(var.zip.architecture, var.image.architecture)
    package_type = var.zip == null ? "Image" : "Zip"
  }

  # Lambda's word for no limit, and no room kept.
  unreserved = -1
}

resource "aws_cloudwatch_log_group" "function" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_lambda_function" "function" {
  # checkov:skip=CKV_AWS_50:Traces are paid for, at 100 million events as much as half the stack: they are a switch (docs/metrics.md).
  # checkov:skip=CKV_AWS_116:Clients and the mapping retry what failed, the mapping has a destination of its own, and a schedule's next run takes up what is left.
  # checkov:skip=CKV_AWS_117:Without a network it calls public AWS APIs, and nothing in a VPC, where it would need NAT.
  # checkov:skip=CKV_AWS_173:No secret is in the environment: write keys are public.
  # checkov:skip=CKV_AWS_272:A zip is what the apply has built or was given, and is named after its digest; of images, Lambda verifies no signatures.

  function_name = var.name
  description   = var.description
  role          = aws_iam_role.function.arn
  package_type  = local.code.package_type
  architectures = [local.code.architecture]

  # The file's name has the hash of what it was built from, so another name is another function
  # code, and a checkout that never built it plans no change.
  filename = try(var.zip.file, null)
  handler  = try(var.zip.handler, null)
  runtime  = try(var.zip.runtime, null)

  image_uri = try(var.image.uri, null)

  memory_size                    = var.limits.memory_mb
  timeout                        = var.limits.timeout_seconds
  reserved_concurrent_executions = coalesce(var.limits.concurrency, local.unreserved)
  publish                        = var.snap_start

  dynamic "image_config" {
    for_each = try(var.image.command, null) == null ? [] : [var.image.command]

    content {
      command = image_config.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.network == null ? [] : [var.network]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  kms_key_arn = var.key_arn

  environment {
    variables = var.environment
  }

  ephemeral_storage {
    size = var.limits.ephemeral_storage_mb
  }

  # Lambda says three lines of each invocation, and can leave out those of one that succeeded only in
  # its JSON format ("System log level event mapping", AWS Lambda developer guide). What the function
  # prints is the same in both.
  logging_config {
    log_format       = var.log_successes ? "Text" : "JSON"
    system_log_level = var.log_successes ? null : "WARN"
    log_group        = aws_cloudwatch_log_group.function.name
  }

  # `PassThrough`, Lambda's default, follows a caller that traces, and nothing calls these that does.
  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? [1] : []

    content {
      apply_on = "PublishedVersions"
    }
  }

  # Lambda tries the role's rights when it makes a mapping, which waits for the function.
  depends_on = [aws_iam_role_policy.function, aws_iam_role_policy_attachment.network]
}

# Only a published version has a snapshot to start from, so its callers need a name for the newest.
resource "aws_lambda_alias" "live" {
  count            = var.snap_start ? 1 : 0
  name             = "live"
  description      = "The version that the mapping invokes."
  function_name    = aws_lambda_function.function.function_name
  function_version = aws_lambda_function.function.version

  # When SnapStart is switched off, the mapping turns to the function before the alias goes.
  lifecycle {
    create_before_destroy = true
  }
}
