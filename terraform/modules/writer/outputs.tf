output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.writer.function_name
}

output "maintenance_function_name" {
  description = "Name of the maintenance function; null without a schedule."
  value       = one(aws_lambda_function.maintenance[*].function_name)
}

output "replay_function_name" {
  description = "Name of the function that puts failed batches through again."
  value       = aws_lambda_function.replay.function_name
}

output "failures_topic_arn" {
  description = "Topic that notices and alarms go to."
  value       = aws_sns_topic.failures.arn
}

output "event_source_mapping_id" {
  description = "UUID of the mapping from the stream to the function."
  value       = aws_lambda_event_source_mapping.stream.uuid
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.writer.name
}
