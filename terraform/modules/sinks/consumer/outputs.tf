output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "event_source_mapping_id" {
  description = "Id of the mapping, by which CloudWatch counts what it gave up on."
  value       = aws_lambda_event_source_mapping.stream.uuid
}

output "failed_bucket_name" {
  description = "Name of the bucket for batches that the mapping gave up on."
  value       = module.failed.name
}
