# AWS Glue maintains the tables, in place of the module `maintenance`.

locals {
  types = ["compaction", "retention", "orphan_file_deletion"]

  # A commit a minute leaves 1,440 snapshots a day. Days are the shortest that Glue keeps them for.
  snapshot_days = 1
  min_snapshots = 20

  # As maintenance has it (headwater_writer/maintenance/steps/orphans.py).
  orphan_days = 3

  key = [for arn in var.key_arn[*] : {
    Sid      = "Key"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource = arn
  }]
}

resource "aws_glue_catalog_table_optimizer" "tables" {
  for_each = {
    for pair in setproduct(var.tables, local.types) :
    "${pair[0]}/${pair[1]}" => { table = pair[0], type = pair[1] }
  }

  catalog_id    = var.account.id
  database_name = var.lake.database_name
  table_name    = each.value.table
  type          = each.value.type

  configuration {
    role_arn = aws_iam_role.optimizers.arn
    enabled  = true

    dynamic "retention_configuration" {
      for_each = each.value.type == "retention" ? [1] : []

      content {
        iceberg_configuration {
          snapshot_retention_period_in_days = local.snapshot_days
          number_of_snapshots_to_retain     = local.min_snapshots
          clean_expired_files               = true
        }
      }
    }

    dynamic "orphan_file_deletion_configuration" {
      for_each = each.value.type == "orphan_file_deletion" ? [1] : []

      content {
        iceberg_configuration {
          orphan_file_retention_period_in_days = local.orphan_days
        }
      }
    }
  }

  depends_on = [aws_iam_role_policy.optimizers]
}

resource "aws_iam_role" "optimizers" {
  name                 = "${var.name}${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "glue.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account.id } }
    }]
  })
}

# What "Prerequisites for table optimization" in the AWS Glue user guide asks for.
resource "aws_iam_role_policy" "optimizers" {
  name = "optimize-tables"
  role = aws_iam_role.optimizers.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.key, [
      {
        Sid      = "Files"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = "${var.lake.bucket.arn}/${var.lake.prefixes.tables}/*"
      },
      {
        Sid      = "Listing"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = var.lake.bucket.arn
      },
      {
        Sid      = "Tables"
        Effect   = "Allow"
        Action   = ["glue:GetTable", "glue:UpdateTable"]
        Resource = var.lake.glue_arns
      },
      {
        Sid    = "Logs"
        Effect = "Allow"
        Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        # Glue names these groups itself, one for all optimizers of an account.
        Resource = "arn:${var.account.partition}:logs:${var.account.region}:${var.account.id}:log-group:/aws-glue/iceberg-*:*"
      },
    ])
  })
}
