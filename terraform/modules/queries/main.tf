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
        encryption_option = "SSE_S3"
      }
    }
  }
}

resource "aws_athena_named_query" "queries" {
  for_each = fileset("${path.module}/sql", "*.sql")

  name      = trimsuffix(each.key, ".sql")
  workgroup = aws_athena_workgroup.queries.id
  database  = var.lake.database_name
  query     = file("${path.module}/sql/${each.key}")
}
