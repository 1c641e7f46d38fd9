locals {
  # Athena reads the tables, and writes the results, as whoever asks ("Control access to Amazon S3 from
  # Athena" and "Allow access to prepared statements", Amazon Athena user guide).
  may_ask = {
    Questions = {
      actions = [
        "athena:GetPreparedStatement",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:StartQueryExecution",
      ]
      resources = [var.queries.workgroup_arn]
    }

    Tables = {
      actions   = ["glue:GetDatabase", "glue:GetTable"]
      resources = var.lake.glue_arns
    }

    Rows = {
      actions   = ["s3:GetObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.tables}/*"]
    }

    Results = {
      actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.query_results}/*"]
    }

    Bucket = {
      actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
      resources = [var.lake.bucket.arn]
    }
  }
}
