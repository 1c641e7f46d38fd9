resource "aws_athena_workgroup" "queries" {
  name          = var.name
  force_destroy = var.force_destroy

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.settings.scan_limit_gb * pow(1024, 3)

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = "s3://${var.lake.bucket.name}/${var.lake.prefixes.query_results}/"

      encryption_configuration {
        encryption_option = var.key_arn == null ? "SSE_S3" : "SSE_KMS"
        kms_key_arn       = var.key_arn
      }
    }
  }
}

locals {
  folder = "${path.module}/sql"

  # A file may hold the parts of others, as ${part}, and these and it an expression.
  expressions = {
    for file in fileset("${local.folder}/expressions", "*.sql") :
    trimsuffix(file, ".sql") => trimspace(file("${local.folder}/expressions/${file}"))
  }

  parts = merge(local.expressions, {
    for file in fileset("${local.folder}/parts", "*.sql") :
    trimsuffix(file, ".sql") => trimspace(templatefile("${local.folder}/parts/${file}", local.expressions))
  })

  templates = {
    for file in fileset(local.folder, "*.sql") :
    trimsuffix(file, ".sql") => templatefile("${local.folder}/${file}", local.parts)
  }

  parameter = "/:[a-z][a-z_]*/"
  questions = { for name, sql in local.templates : name => replace(sql, local.parameter, "?") }

  views = {
    for file in fileset("${local.folder}/views", "*.sql") :
    trimsuffix(file, ".sql") => templatefile("${local.folder}/views/${file}", local.parts)
  }
}

# Athena's console asks for a query's parameters when it is run.
resource "aws_athena_named_query" "questions" {
  for_each = local.questions

  name        = each.key
  description = trimprefix(split("\n", each.value)[0], "-- ")
  workgroup   = aws_athena_workgroup.queries.id
  database    = var.lake.database_name
  query       = each.value
}

# EXECUTE active_users USING '2026-01-01', '2026-01-31', ...
resource "aws_athena_prepared_statement" "questions" {
  for_each = local.questions

  name            = each.key
  description     = trimprefix(split("\n", each.value)[0], "-- ")
  workgroup       = aws_athena_workgroup.queries.name
  query_statement = each.value
}
