# A function on a schedule that is a client and an analyst in turn. It waits for most of its time, which
# is why it is the smallest there is.

module "function" {
  source = "../function"

  name               = var.name
  description        = "Sends marked events and looks for their rows."
  zip                = merge(var.zip, { handler = "headwater_canary.function.handler", runtime = "python3.13" })
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  log_successes      = false
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb       = 256
    timeout_seconds = 290 # It gives up on its events after 240, and ends before the next run.
  }

  environment = {
    API_URL                      = var.api_url
    ATHENA_WORKGROUP             = var.queries.workgroup
    GLUE_DATABASE                = var.lake.database_name
    POWERTOOLS_METRICS_NAMESPACE = var.metrics_namespace
  }

  policy = {
    name       = "ask"
    statements = local.may_ask
  }

  schedule = {
    expression  = "rate(5 minutes)"
    description = "When the canary flies."
    input       = "{}"
  }

  # The next flight tells as much as a second attempt at this one.
  asynchronous = { max_retries = 0, max_age_seconds = 60 }
}

# Athena reads the catalog and S3, and writes the result, with the rights of whoever asks ("Identity
# and access management in Athena", Amazon Athena user guide).
locals {
  may_ask = {
    Queries = {
      actions   = ["athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution", "athena:StopQueryExecution"]
      resources = [var.queries.workgroup_arn]
    }

    Catalog = {
      actions = ["glue:GetDatabase", "glue:GetTable"]
      resources = [
        for resource in ["catalog", "database/${var.lake.database_name}", "table/${var.lake.database_name}/events"] :
        "arn:${var.account.partition}:glue:${var.account.region}:${var.account.id}:${resource}"
      ]
    }

    Bucket = {
      actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
      resources = [var.lake.bucket.arn]
    }

    Events = {
      actions   = ["s3:GetObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.tables}/events/*"]
    }

    Results = {
      actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.query_results}/*"]
    }
  }
}
