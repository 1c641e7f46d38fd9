output "function_name" {
  description = "Name of the function."
  value       = module.writer.function_name
}

output "event_source_mapping_id" {
  description = "Id of the mapping."
  value       = module.writer.event_source_mapping_id
}

output "database" {
  description = "Where the counts are: address, port, name, and the secret that has the login."
  value = {
    address    = aws_db_instance.counts.address
    port       = aws_db_instance.counts.port
    name       = aws_db_instance.counts.db_name
    secret_arn = local.secret_arn
  }
}

output "database_security_group_id" {
  description = "Security group of the database."
  value       = aws_security_group.database.id
}

output "function_security_group_id" {
  description = "Security group of the function: an endpoint of Secrets Manager that was there must let it in."
  value       = aws_security_group.function.id
}
