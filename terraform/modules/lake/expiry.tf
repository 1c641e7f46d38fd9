locals {
  # What is kept for people to look at, and to replay, and not for ever.
  failed = concat(local.prefixes.failed_records, [local.prefixes.failed_batches, local.prefixes.replayed_batches])
}

# Nothing here expires a current object below the lake's prefix: which files are live is known to
# the tables' metadata alone, and only Iceberg's own maintenance may delete them.
resource "aws_s3_bucket_lifecycle_configuration" "data" {
  # checkov:skip=CKV_AWS_300:The first rule ends abandoned uploads; checkov takes the dynamic rules for all there are.

  bucket = module.bucket.name

  rule {
    id     = "abandoned-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "query-results"
    status = "Enabled"

    filter {
      prefix = "${local.prefixes.query_results}/"
    }

    expiration {
      days = var.query_results_days
    }
  }

  dynamic "rule" {
    for_each = local.failed

    content {
      id     = replace(rule.value, "/[^a-z]/", "-")
      status = "Enabled"

      filter {
        prefix = "${rule.value}/"
      }

      expiration {
        days = var.settings.failed_days
      }
    }
  }

  # `headwater demo` deletes each piece that it puts there, unless it is killed.
  rule {
    id     = "demo-pieces"
    status = "Enabled"

    filter {
      prefix = "${local.prefixes.demo}/"
    }

    expiration {
      days = 1
    }
  }

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.settings.noncurrent_days
    }

    # The marks that deletes leave, once no version is behind them: else every file that the tables
    # ever had would be gone through at each listing.
    expiration {
      expired_object_delete_marker = true
    }
  }
}
