output "bucket" {
  description = "The data bucket: its name and its ARN."
  value       = { name = module.bucket.name, arn = module.bucket.arn }
}

output "prefixes" {
  description = "What is where in the bucket: a prefix for each kind, without a slash at the end."
  value       = local.prefixes
}

output "warehouse" {
  description = "URI below which each table has a folder."
  value       = local.warehouse
}

output "database_name" {
  description = "Name of the Glue database."
  value       = aws_glue_catalog_database.lake.name
}

output "tables" {
  description = "Names of the tables, which the writer creates."
  value       = local.tables
}

output "glue_arns" {
  description = "ARNs that a policy on the tables names: catalog, database and tables."
  value       = local.glue_arns
}

output "table_arn_prefix" {
  description = "ARN of each of the database's tables and views, up to the slash before its name."
  value       = local.table_arn_prefix
}

output "may_change_tables" {
  description = "Statements, by id, for the policy of a function that changes tables."
  value       = local.may_change_tables
}
