output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "delivery_stream_name" {
  description = "Name of Firehose's delivery stream."
  value       = aws_kinesis_firehose_delivery_stream.archive.name
}

output "source" {
  description = "The archive as a backfill reads it: its address, its bucket's ARN, and the prefix."
  value = {
    uri        = local.location
    bucket_arn = module.bucket.arn
    prefix     = local.prefixes.archive
  }
}
