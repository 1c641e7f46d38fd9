mock_provider "aws" {
  source = "./mocks"
}

variables {
  name = "sample-reports"
  zip  = { file = "reports.tftest.hcl", architecture = "arm64" }
  settings = {
    login = {
      issuer        = "https://login.example.com"
      client_id     = "reports"
      authorize_url = "https://login.example.com/authorize"
      token_url     = "https://login.example.com/token"
      scope         = "openid"
    }
    reuse_minutes = 5
    throttle      = { requests_per_second = 20, burst = 40 }
  }
  queries = { workgroup = "sample", workgroup_arn = "arn:aws:athena:eu-west-1:123456789012:workgroup/sample" }
  lake = {
    database_name = "sample"
    glue_arns     = ["arn:aws:glue:eu-west-1:123456789012:catalog"]
    bucket        = { arn = "arn:aws:s3:::sample-data" }
    prefixes      = { tables = "lake", query_results = "query_results" }
  }
  log_retention_days = 30
}

run "asks_for_a_token_of_the_provider_before_each_answer" {
  command = plan

  module {
    source = "../../terraform/modules/reports"
  }

  assert {
    condition     = aws_apigatewayv2_route.answers.route_key == "GET /reports/answers/{answer+}" && aws_apigatewayv2_route.answers.authorization_type == "JWT"
    error_message = "answers are open to the world"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.login.authorizer_type == "JWT" && aws_apigatewayv2_authorizer.login.jwt_configuration[0].issuer == "https://login.example.com" && aws_apigatewayv2_authorizer.login.jwt_configuration[0].audience == toset(["reports"])
    error_message = "tokens of another provider, or for another client, are taken"
  }
}

run "tells_the_function_who_may_see_which_app" {
  command = plan

  variables {
    settings = merge(var.settings, { rights = { claim = "groups", apps = { analysts = ["*"] } } })
  }

  module {
    source = "../../terraform/modules/reports"
  }

  assert {
    condition     = local.environment.RIGHTS == jsonencode({ apps = { analysts = ["*"] }, claim = "groups" })
    error_message = "everyone who signs in sees all"
  }
}

run "asks_athena_alone_and_in_its_workgroup" {
  command = plan

  module {
    source = "../../terraform/modules/reports"
  }

  assert {
    condition     = alltrue([for statement in values(local.may_ask) : alltrue([for resource in statement.resources : !strcontains(resource, "workgroup/") || resource == var.queries.workgroup_arn])])
    error_message = "another workgroup, with other limits, may be asked"
  }

  assert {
    condition     = alltrue([for id, statement in local.may_ask : id == "Results" || !contains(statement.actions, "s3:PutObject")])
    error_message = "something besides results may be written"
  }
}

run "is_reached_at_one_address" {
  command = plan

  variables {
    settings = merge(var.settings, {
      domain = { name = "reports.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c", hosted_zone_id = "Z1" }
    })
  }

  module {
    source = "../../terraform/modules/reports"
  }

  assert {
    condition     = output.url == "https://reports.example.com/reports/" && aws_apigatewayv2_api.reports.disable_execute_api_endpoint && length(aws_route53_record.reports) == 1
    error_message = "the reports are at ${output.url}"
  }
}
