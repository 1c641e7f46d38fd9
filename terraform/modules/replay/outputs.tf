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

output "may_read_sources" {
  description = "Statements, by id, for the policy of whatever else writes what a backfill reads."
  value       = local.may_read_sources
}
