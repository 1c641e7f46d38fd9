locals {
  domain = var.settings.domain == null ? 0 : 1
}

resource "aws_apigatewayv2_domain_name" "reports" {
  count       = local.domain
  domain_name = var.settings.domain.name

  domain_name_configuration {
    certificate_arn = var.settings.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "reports" {
  count       = local.domain
  api_id      = aws_apigatewayv2_api.reports.id
  domain_name = aws_apigatewayv2_domain_name.reports[0].id
  stage       = aws_apigatewayv2_stage.reports.id
}

resource "aws_route53_record" "reports" {
  count   = try(var.settings.domain.hosted_zone_id, null) == null ? 0 : 1
  zone_id = var.settings.domain.hosted_zone_id
  name    = var.settings.domain.name
  type    = "A"

  alias {
    name                   = aws_apigatewayv2_domain_name.reports[0].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.reports[0].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false
  }
}
