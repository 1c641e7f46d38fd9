output "bucket_name" {
  description = "Name of the data bucket."
  value       = aws_s3_bucket.data.bucket

  # Whoever writes here finds the bucket closed to everyone else, and nothing overwritten for good.
  depends_on = [
    aws_s3_bucket_versioning.data,
    aws_s3_bucket_policy.data,
    aws_s3_bucket_ownership_controls.data,
    aws_s3_bucket_server_side_encryption_configuration.data,
  ]
}

output "bucket_arn" {
  description = "ARN of the data bucket."
  value       = aws_s3_bucket.data.arn
}

output "lake_prefix" {
  description = "Prefix of the tables' files in the bucket."
  value       = local.lake_prefix
}

output "failed_batches_prefix" {
  description = "Prefix of batches that the mapping gave up on."
  value       = local.failed_batches_prefix
}

output "replayed_batches_prefix" {
  description = "Prefix of such batches when they are written after all."
  value       = local.replayed_batches_prefix
}

output "failed_records_prefixes" {
  description = "Prefixes of what could not become a row, as files for people without SQL."
  value       = local.failed_records_prefixes
}

output "tracking_plans_prefix" {
  description = "Prefix of tracking plans."
  value       = local.tracking_plans_prefix
}

output "warehouse" {
  description = "URI below which each table has a folder."
  value       = "s3://${aws_s3_bucket.data.bucket}/${local.lake_prefix}"
}

output "database_name" {
  description = "Name of the Glue database."
  value       = aws_glue_catalog_database.lake.name
}

output "glue_arns" {
  description = "ARNs that a policy on the tables names: catalog, database and tables."
  value       = local.glue_arns
}
