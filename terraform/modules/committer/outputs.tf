output "function" {
  description = "What to name the function by elsewhere: its name, its ARN and its role's ARN."
  value       = module.function.identity
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "event_source_mapping_id" {
  description = "UUID of the mapping from the queue to the function."
  value       = aws_lambda_event_source_mapping.offers.uuid
}

output "queue_name" {
  description = "Name of the queue."
  value       = aws_sqs_queue.offers.name
}

output "queue" {
  description = "Where writers offer, once somebody takes what they offer: the queue's URL and its ARN."
  value       = { url = aws_sqs_queue.offers.url, arn = aws_sqs_queue.offers.arn }
  depends_on  = [aws_lambda_event_source_mapping.offers]
}
