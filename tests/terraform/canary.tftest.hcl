mock_provider "aws" {
  source = "./mocks"
}

variables {
  name               = "sample-canary"
  account            = { id = "123456789012", partition = "aws", region = "eu-west-1" }
  zip                = { file = "canary.tftest.hcl", architecture = "arm64" }
  api_url            = "https://events.example.com"
  queries            = { workgroup = "sample" }
  metrics_namespace  = "Headwater/sample"
  log_retention_days = 30
  roles              = { path = "/", suffix = "-eu-west-1" }
  lake = {
    database_name = "sample"
    bucket        = { arn = "arn:aws:s3:::sample-data" }
    prefixes      = { tables = "lake", query_results = "query_results" }
  }
}

run "may_ask_for_events_and_for_nothing_else" {
  module {
    source = "../../terraform/modules/canary"
  }

  assert {
    condition     = local.may_ask.Events.resources == ["arn:aws:s3:::sample-data/lake/events/*"] && local.may_ask.Results.resources == ["arn:aws:s3:::sample-data/query_results/*"]
    error_message = "it may read more than events and results"
  }

  assert {
    condition     = !contains(flatten([for statement in values(local.may_ask) : statement.actions]), "s3:DeleteObject") && alltrue([for statement in values(local.may_ask) : !contains(statement.resources, "*")])
    error_message = "it may delete, or do something to everything"
  }

  assert {
    condition     = output.function_name == "sample-canary"
    error_message = "the function is ${output.function_name}"
  }
}
