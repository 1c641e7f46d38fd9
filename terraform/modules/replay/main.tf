# What the mapping gave up on is replayed: the writer's image with another handler, called
# when the batch arrives in the bucket if no more than two can run at a time, and every hour for what
# waits there. A batch that fails
# stays, and an alarm says so. Operators invoke it for the table of failed records (docs/failures.md).

module "function" {
  source = "../function"

  name               = var.name
  description        = "Puts failed records and batches through again."
  image              = merge(var.writer.image, { command = ["headwater_writer.functions.replay.handler"] })
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb            = var.writer.memory_mb
    timeout_seconds      = 900 # The most: it stops by itself, and says what is left.
    ephemeral_storage_mb = var.writer.ephemeral_storage_mb
    # One for what comes from the bucket or the schedule, and an operator's. More would only race the
    # writers to the catalog. Lambda holds what S3 tells of meanwhile for six hours, and the
    # schedule takes up what is left after that. Without a reservation nothing but the schedule
    # invokes it unasked: a run ends before the next begins.
    concurrency = var.writer.reserve_concurrency ? 2 : null
  }

  environment = merge(var.writer.environment, {
    FAILED_BATCHES_PREFIX = "s3://${var.lake.bucket.name}/${var.lake.prefixes.failed_batches}/"
  })

  policy = {
    name       = "replay"
    statements = merge(var.writer.may_write_rows, local.may_move_batches, local.may_read_sources)
  }

  # Where nothing waits, this lists the prefix and is done: Spark is not started for it.
  schedule = {
    expression  = "rate(1 hour)"
    description = "When batches that still wait are taken up again."
    input       = jsonencode({ given_up = { alarm = true } })
  }

  # Lambda would try twice more within minutes, which no fix takes: the next hour does.
  asynchronous = { max_retries = 0, max_age_seconds = 21600 }
}

locals {
  may_move_batches = {
    FailedBatches = {
      actions   = ["s3:GetObject", "s3:DeleteObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.failed_batches}/*"]
    }

    ReplayedBatches = {
      actions   = ["s3:PutObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.replayed_batches}/*"]
    }
  }
}

locals {
  # Whatever writes rows may list the lake's bucket.
  sources_elsewhere = [for source in var.backfill_from : source if !source.is_lake]

  may_list_sources = length(local.sources_elsewhere) == 0 ? {} : {
    BackfillBuckets = {
      actions   = ["s3:ListBucket"]
      resources = distinct([for source in local.sources_elsewhere : source.bucket_arn])
    }
  }

  may_get_sources = length(var.backfill_from) == 0 ? {} : {
    BackfillObjects = {
      actions   = ["s3:GetObject"]
      resources = [for source in var.backfill_from : "${source.bucket_arn}/${source.prefix}*"]
    }
  }

  may_read_sources = merge(local.may_list_sources, local.may_get_sources)
}

# A burst of batches is a burst of invocations, which only a reservation bounds.
locals {
  tells_of_batches = var.writer.reserve_concurrency ? 1 : 0
}

resource "aws_s3_bucket_notification" "failed_batches" {
  count  = local.tells_of_batches
  bucket = var.lake.bucket.name

  lambda_function {
    lambda_function_arn = module.function.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "${var.lake.prefixes.failed_batches}/"
  }

  depends_on = [aws_lambda_permission.failed_batches]
}

resource "aws_lambda_permission" "failed_batches" {
  count          = local.tells_of_batches
  statement_id   = "FailedBatches"
  action         = "lambda:InvokeFunction"
  function_name  = module.function.name
  principal      = "s3.amazonaws.com"
  source_arn     = var.lake.bucket.arn
  source_account = var.account.id # A bucket's ARN does not say whose it is.
}
