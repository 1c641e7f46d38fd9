output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.function.function_name
}

output "arn" {
  description = "ARN to invoke: the alias's with SnapStart, else the function's."
  value       = var.snap_start ? aws_lambda_alias.live[0].arn : aws_lambda_function.function.arn
}

output "invoke_arn" {
  description = "ARN that API Gateway invokes the function by."
  value       = aws_lambda_function.function.invoke_arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.function.name
}
