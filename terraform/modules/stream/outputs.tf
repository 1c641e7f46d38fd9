output "name" {
  description = "Name of the stream."
  value       = aws_kinesis_stream.events.name
}

output "arn" {
  description = "ARN of the stream."
  value       = aws_kinesis_stream.events.arn
}

output "shards" {
  description = "Number of shards; null if the stream grows by itself."
  value       = local.shards
}

output "retention_hours" {
  description = "Hours that the stream keeps a record."
  value       = var.settings.retention_hours
}
