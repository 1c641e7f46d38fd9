output "url" {
  description = "Where Grafana is while the tunnel is open."
  value       = "http://127.0.0.1:${local.port}"
}

# An id of a running container is a task's id, a hyphen and a number: the tunnel's end has both.
output "tunnel" {
  description = "The command that opens the tunnel, for `sh -c`; it needs the AWS CLI with its Session Manager plugin."
  value = join(" ", [
    "id=$(aws ecs describe-tasks --region ${var.account.region} --cluster ${var.name}",
    "--tasks $(aws ecs list-tasks --region ${var.account.region} --cluster ${var.name} --query 'taskArns[]' --output text)",
    "--query \"tasks[].containers[?name=='grafana'].runtimeId[] | [0]\" --output text) &&",
    "aws ssm start-session --region ${var.account.region} --target \"ecs:${var.name}_$${id%-*}_$id\"",
    "--document-name AWS-StartPortForwardingSession --parameters portNumber=${local.port},localPortNumber=${local.port}",
  ])
}

output "security_group_id" {
  description = "Security group of the task, which the counts' database lets in."
  value       = aws_security_group.observability.id
}
