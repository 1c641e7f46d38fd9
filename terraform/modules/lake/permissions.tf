# What a function may do that changes the tables, for the policies of those that do.

locals {
  glue = "arn:${var.account.partition}:glue:${var.account.region}:${var.account.id}"

  table_arn_prefix = "${local.glue}:table/${local.database_name}"

  # Glue checks a call on a table against its database and its catalog too.
  glue_arns = concat(
    ["${local.glue}:catalog", "${local.glue}:database/${local.database_name}"],
    [for table in local.tables : "${local.table_arn_prefix}/${table}"],
  )

  may_change_tables = {
    Tables = {
      actions = [
        "glue:GetTable",
        "glue:UpdateTable",
      ]
      resources = local.glue_arns
    }

    # Deleting: metadata files that newer ones replace, files of commits that lost a race, and what
    # maintenance finds to be of no snapshot.
    LakeFiles = {
      actions = [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:PutObject",
      ]
      resources = ["${module.bucket.arn}/${local.prefixes.tables}/*"]
    }

    # Without it S3 answers 403 where a file is missing, and Iceberg takes that for an error.
    Listing = {
      actions   = ["s3:ListBucket"]
      resources = [module.bucket.arn]
    }
  }
}
