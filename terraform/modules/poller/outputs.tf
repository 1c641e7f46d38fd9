output "sources" {
  description = "Ids of the configs, which their metrics have as the dimension `source`."
  value       = keys(var.settings.configs)
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.poller.name
}

output "cluster_name" {
  description = "Name of the ECS cluster."
  value       = aws_ecs_cluster.poller.name
}
