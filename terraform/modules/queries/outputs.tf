output "workgroup" {
  description = "Name of the Athena workgroup."
  value       = aws_athena_workgroup.queries.name
}

output "workgroup_arn" {
  description = "ARN of the Athena workgroup."
  value       = aws_athena_workgroup.queries.arn
}

output "scan_limit_gb" {
  description = "Gigabytes that a query may read."
  value       = var.settings.scan_limit_gb
}

output "views" {
  description = "SQL of each view, by its name."
  value       = local.views
}
