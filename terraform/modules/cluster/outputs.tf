output "application_id" {
  description = "Id of the EMR Serverless application."
  value       = aws_emrserverless_application.cluster.id
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.cluster.name
}

output "writes" {
  description = "Whether it writes in place of the writer."
  value       = var.settings.writes
}

output "keeper_arn" {
  description = "ARN of the state machine that keeps a run running."
  value       = aws_sfn_state_machine.keeper.arn
}
