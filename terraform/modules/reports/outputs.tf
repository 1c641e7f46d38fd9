output "function" {
  description = "What to name the function by elsewhere: its name, its ARN and its role's ARN."
  value       = module.function.identity
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "url" {
  description = "Where the reports are, and where the provider sends people back to: its redirect URI."
  value       = var.settings.domain == null ? "${aws_apigatewayv2_api.reports.api_endpoint}/reports/" : "https://${var.settings.domain.name}/reports/"
}
