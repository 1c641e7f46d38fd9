output "role_arn" {
  description = "ARN of the role that Glue works on the tables with."
  value       = aws_iam_role.optimizers.arn
}
