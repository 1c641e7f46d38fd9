# Stream → Firehose, which lets a function unpack each record → S3. It reads the stream independently of
# the writer, and its failures hold up nothing else.

locals {
  prefixes = {
    archive = "archive/"
    # What the function could not read or the contract refused; and, by Firehose, what the function failed on.
    errors  = "archive-errors/"
    refused = "archive-errors/refused/"
  }

  function_arn = "${module.function.arn}:$LATEST"
}

# Of its own, so that another warehouse can be let in here and nowhere else.
module "bucket" {
  source = "../../bucket"

  name          = var.bucket_name
  key_arn       = var.key_arn
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_lifecycle_configuration" "archive" {
  bucket = module.bucket.name

  rule {
    id     = "archive"
    status = var.settings.days == null ? "Disabled" : "Enabled"

    filter {
      prefix = local.prefixes.archive
    }

    expiration {
      days = coalesce(var.settings.days, 3650)
    }
  }

  rule {
    id     = "errors"
    status = "Enabled"

    filter {
      prefix = local.prefixes.errors
    }

    expiration {
      days = 90
    }
  }

  rule {
    id     = "leftovers"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

module "function" {
  source = "../../function"

  name               = var.name
  description        = "Unpacks the stream's records into lines of JSON for Firehose."
  zip                = merge(var.zip, { handler = "headwater_sinks.archive.function.handler", runtime = "python3.13" })
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb       = 1024
    timeout_seconds = 300 # The most that Firehose waits.
  }

  environment = {
    ARCHIVE_BUCKET = module.bucket.name
    ARCHIVE_PREFIX = local.prefixes.archive
    REFUSED_PREFIX = local.prefixes.refused
    IP_POLICY      = var.ip_policy
  }

  policy = {
    name = "archive"
    statements = {
      WhatTheAnswerDoesNotTake = {
        actions   = ["s3:PutObject"]
        resources = ["${module.bucket.arn}/${local.prefixes.archive}*", "${module.bucket.arn}/${local.prefixes.refused}*"]
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "firehose" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  name              = "/aws/kinesisfirehose/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_cloudwatch_log_stream" "firehose" {
  name           = "delivery"
  log_group_name = aws_cloudwatch_log_group.firehose.name
}

resource "aws_kinesis_firehose_delivery_stream" "archive" {
  # checkov:skip=CKV_AWS_240:Firehose encrypts no stream of its own here: Kinesis encrypts its source, S3 what it delivers.
  # checkov:skip=CKV_AWS_241:Kinesis encrypts its source, and S3 what it delivers.

  name        = var.name
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = var.stream.arn
    role_arn           = aws_iam_role.firehose.arn
  }

  extended_s3_configuration {
    role_arn           = aws_iam_role.firehose.arn
    bucket_arn         = module.bucket.arn
    compression_format = "GZIP"
    buffering_size     = var.settings.buffer_mb
    buffering_interval = var.settings.buffer_seconds

    prefix              = "${local.prefixes.archive}!{timestamp:yyyy/MM/dd/HH}/"
    error_output_prefix = "${local.prefixes.errors}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/"

    processing_configuration {
      enabled = true

      processors {
        type = "Lambda"

        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = local.function_arn
        }

        # Half of what Firehose hands over by default. Records are compressed, and the answer is not: what
        # unpacks to more than the 6 MB of an answer, the function writes itself.
        parameters {
          parameter_name  = "BufferSizeInMBs"
          parameter_value = "0.5"
        }

        parameters {
          parameter_name  = "BufferIntervalInSeconds"
          parameter_value = "30"
        }
      }
    }

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.firehose.name
      log_stream_name = aws_cloudwatch_log_stream.firehose.name
    }
  }

  # Firehose tries the role's rights when it is made.
  depends_on = [aws_iam_role_policy.firehose]
}
