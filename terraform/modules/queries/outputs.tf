output "workgroup" {
  description = "Name of the Athena workgroup."
  value       = aws_athena_workgroup.queries.name
}
