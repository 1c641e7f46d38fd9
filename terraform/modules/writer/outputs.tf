output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.writer.function_name
}

output "event_source_mapping_id" {
  description = "UUID of the mapping from the stream to the function."
  value       = aws_lambda_event_source_mapping.stream.uuid
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.writer.name
}
