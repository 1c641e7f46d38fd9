output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.history.name
}

output "function_name" {
  description = "Name of the function that writes."
  value       = module.writer.function_name
}

output "event_source_mapping_id" {
  description = "Id of the mapping."
  value       = module.writer.event_source_mapping_id
}

output "reader_url" {
  description = "Where the history is read behind a function URL, by IAM; null if it is a route of the API."
  value       = one(aws_lambda_function_url.reader[*].function_url)
}
