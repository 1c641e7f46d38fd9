locals {
  # One of the three has an element: the domain, the API's own address or the function's.
  address = one(concat(
    [for domain in aws_apigatewayv2_domain_name.collector : "https://${domain.domain_name}"],
    [for api in aws_apigatewayv2_api.collector : api.api_endpoint if var.settings.domain == null],
    [for url in aws_lambda_function_url.collector : trimsuffix(url.function_url, "/")],
  ))
}

output "url" {
  description = "Where clients send events; ends without a slash."
  value       = "${local.address}${var.settings.path_prefix}"
}

output "function" {
  description = "What to name the function by elsewhere: its name, its ARN and its role's ARN."
  value       = module.function.identity
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "api_id" {
  description = "Id of the HTTP API; null behind a function URL."
  value       = one(aws_apigatewayv2_api.collector[*].id)
}

output "entry" {
  description = "How requests come in: `api` or `function_url`."
  value       = var.settings.entry
}

output "domain_target" {
  description = "What a record for the domain points to; null without a domain."
  value = one([
    for domain in aws_apigatewayv2_domain_name.collector : {
      name    = domain.domain_name_configuration[0].target_domain_name
      zone_id = domain.domain_name_configuration[0].hosted_zone_id
    }
  ])
}
