output "function" {
  description = "What to name the function by elsewhere: its name, its ARN and its role's ARN."
  value       = module.function.identity
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = module.function.log_group_name
}

output "event_source_mapping_id" {
  description = "UUID of the mapping from the stream to the function."
  value       = aws_lambda_event_source_mapping.stream.uuid
}

output "is_enabled" {
  description = "Whether the mapping is enabled."
  value       = aws_lambda_event_source_mapping.stream.enabled
}

output "tables" {
  description = "Names of the tables, when they exist."
  value       = var.lake.tables
  depends_on  = [aws_lambda_invocation.tables]
}

output "shared" {
  description = "What the other functions of the writer's image have of it: code, size and settings, and what a function may do that writes rows."
  value = {
    image                  = var.image
    memory_mb              = var.settings.memory_mb
    ephemeral_storage_mb   = var.settings.ephemeral_storage_mb
    reserve_concurrency    = var.settings.reserve_concurrency
    environment            = local.environment
    may_write_rows         = local.may_write_rows
    may_read_tracking_plan = local.may_read_tracking_plan
  }
}
