output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.function.function_name
}

output "arn" {
  description = "ARN to invoke: the alias's with SnapStart, else the function's."
  value       = var.snap_start ? aws_lambda_alias.live[0].arn : aws_lambda_function.function.arn
}

output "identity" {
  description = "What to name the function by elsewhere: its name, its ARN and its role's ARN."
  value = {
    name     = aws_lambda_function.function.function_name
    arn      = aws_lambda_function.function.arn
    role_arn = aws_iam_role.function.arn
  }
}

output "qualifier" {
  description = "What to invoke the function by: the alias with SnapStart, else null."
  value       = var.snap_start ? aws_lambda_alias.live[0].name : null
}

output "invoke_arn" {
  description = "ARN that API Gateway invokes the function by."
  value       = aws_lambda_function.function.invoke_arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.function.name
}
