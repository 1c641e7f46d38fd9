locals {
  optimizers = var.settings.glue_optimizers ? {
    for pair in setproduct(local.tables, ["compaction", "retention", "orphan_file_deletion"]) :
    "${pair[0]}/${pair[1]}" => { table = pair[0], type = pair[1] }
  } : {}
}

resource "aws_glue_catalog_table_optimizer" "lake" {
  for_each = local.optimizers

  catalog_id    = var.account.id
  database_name = aws_glue_catalog_database.lake.name
  table_name    = each.value.table
  type          = each.value.type

  configuration {
    role_arn = aws_iam_role.optimizers[0].arn
    enabled  = true
  }

  depends_on = [aws_iam_role_policy.optimizers]
}

resource "aws_iam_role" "optimizers" {
  count = var.settings.glue_optimizers ? 1 : 0
  name  = "${var.name}-optimizers"

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
  count = var.settings.glue_optimizers ? 1 : 0
  name  = "optimize-tables"
  role  = aws_iam_role.optimizers[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Files"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = "${module.bucket.arn}/${local.prefixes.tables}/*"
      },
      {
        Sid      = "Listing"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = module.bucket.arn
      },
      {
        Sid      = "Tables"
        Effect   = "Allow"
        Action   = ["glue:GetTable", "glue:UpdateTable"]
        Resource = local.glue_arns
      },
      {
        Sid    = "Logs"
        Effect = "Allow"
        Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        # Glue names these groups itself, one for all optimizers of an account.
        Resource = "arn:${var.account.partition}:logs:${var.account.region}:${var.account.id}:log-group:/aws-glue/iceberg-*:*"
      },
    ]
  })
}
