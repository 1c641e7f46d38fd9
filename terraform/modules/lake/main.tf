locals {
  lake_prefix = "lake"

  # Where Lambda puts what the mapping gave up on; the first part of the key is Lambda's choice
  # ("Retaining discarded batches", AWS Lambda developer guide).
  failed_batches_prefix = "aws/lambda"

  # headwater_writer: replay/destination.py and failures/lines.py.
  replayed_batches_prefix = "replayed_batches"
  failed_records_prefixes = ["failed_records", "failed_transformation_records"]

  # What is kept for people to look at, and to replay, and not for ever.
  failed_prefixes = concat(
    local.failed_records_prefixes, [local.failed_batches_prefix, local.replayed_batches_prefix],
  )

  # Nothing else is below it: the functions may read all of it.
  tracking_plans_prefix = "tracking_plans"

  tables = ["events", "identifies", "failed_records"]
}

resource "aws_s3_bucket" "data" {
  # checkov:skip=CKV_AWS_18:Access logs cost more than the bucket; CloudTrail's data events record reads (docs/security.md).
  # checkov:skip=CKV_AWS_144:One region is what is paid for; whoever wants another replicates the bucket.
  # checkov:skip=CKV_AWS_145:S3's own key encrypts it; a key of one's own costs $1 a month and a charge for each request, and keeps out nobody whom the policies let in.
  # checkov:skip=CKV2_AWS_62:Replay is told of batches that were given up on; nothing waits for other objects.

  bucket        = var.bucket_name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_ownership_controls" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket = aws_s3_bucket.data.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# One bad delete is not final: the functions may delete objects, and none of them a version.
resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  # S3 takes one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.data]
}

# Nothing here expires a current object below the lake's prefix: which files are live is known to
# the tables' metadata alone, and only Iceberg's own maintenance may delete them.
resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id

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
      prefix = "${var.query_results_prefix}/"
    }

    expiration {
      days = var.query_results_days
    }
  }

  dynamic "rule" {
    for_each = local.failed_prefixes

    content {
      id     = replace(rule.value, "/[^a-z]/", "-")
      status = "Enabled"

      filter {
        prefix = "${rule.value}/"
      }

      expiration {
        days = var.failed_days
      }
    }
  }

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    # The marks that deletes leave, once no version is behind them: else every file that the tables
    # ever had would be gone through at each listing.
    expiration {
      expired_object_delete_marker = true
    }
  }

  # S3 refuses rules for old versions while the bucket has none.
  depends_on = [aws_s3_bucket_versioning.data]
}

resource "aws_glue_catalog_database" "lake" {
  name         = var.database_name
  description  = "Headwater's Iceberg tables, created by the writer from the event contract."
  location_uri = "s3://${aws_s3_bucket.data.bucket}/${local.lake_prefix}"
}

locals {
  glue = "arn:${var.partition}:glue:${var.region}:${var.account_id}"

  # Glue checks a call on a table against its database and its catalog too.
  glue_arns = concat(
    ["${local.glue}:catalog", "${local.glue}:database/${var.database_name}"],
    [for table in local.tables : "${local.glue}:table/${var.database_name}/${table}"],
  )
}
