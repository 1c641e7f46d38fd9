output "workgroup" {
  description = "Name of the Athena workgroup."
  value       = aws_athena_workgroup.queries.name
}

output "views" {
  description = "SQL of each view, by its name."
  value       = local.views
}
