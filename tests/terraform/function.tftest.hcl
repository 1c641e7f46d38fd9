mock_provider "aws" {
  source = "./mocks"
}

variables {
  name               = "sample-sink"
  description        = "Carries rows elsewhere."
  image              = { uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0", architecture = "arm64" }
  limits             = { memory_mb = 3008, timeout_seconds = 300 }
  environment        = { WAREHOUSE = "s3://sample-data/lake" }
  policy             = { name = "carry", statements = { Files = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::sample-data/lake/*"] } } }
  log_retention_days = 30
}

run "has_the_network_policy_of_its_own_partition" {
  command = apply # The first, which makes the role.

  module {
    source = "../../terraform/modules/function"
  }

  variables {
    network = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  override_resource {
    target = aws_iam_role.function
    values = { arn = "arn:aws-us-gov:iam::123456789012:role/sample-sink" }
  }

  assert {
    condition     = aws_iam_role_policy_attachment.network[0].policy_arn == "arn:aws-us-gov:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    error_message = "the policy is not that of the function's partition"
  }
}

run "may_write_its_log_and_do_what_is_named" {
  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement.Sid => [statement.Effect, statement.Action, statement.Resource]
      } == {
      Files = ["Allow", ["s3:GetObject"], ["arn:aws:s3:::sample-data/lake/*"]]
      Logs  = ["Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], ["arn:aws:logs:eu-west-1:123456789012:log-group:mocked:*"]]
    }
    error_message = "the policy is ${aws_iam_role_policy.function.policy}"
  }

  assert {
    condition     = aws_cloudwatch_log_group.function.retention_in_days == 30 && aws_lambda_function.function.logging_config[0].log_group == "/aws/lambda/sample-sink"
    error_message = "logs are kept for ever, or are elsewhere"
  }
}

run "traces_nothing_unless_it_is_asked_for" {
  command = plan

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition     = aws_lambda_function.function.tracing_config[0].mode == "PassThrough"
    error_message = "traces are paid for that nobody asked for"
  }
}

run "traces_with_the_rights_that_it_takes" {
  module {
    source = "../../terraform/modules/function"
  }

  variables {
    tracing = true
  }

  assert {
    condition     = aws_lambda_function.function.tracing_config[0].mode == "Active"
    error_message = "it is not traced"
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : [statement.Action, statement.Resource] if statement.Sid == "Traces"
    ] == [[["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]]]
    error_message = "the policy is ${aws_iam_role_policy.function.policy}"
  }
}

run "says_of_its_invocations_what_is_asked_for" {
  command = plan

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition     = aws_lambda_function.function.logging_config[0].log_format == "Text"
    error_message = "Lambda does not log each invocation"
  }
}

run "says_nothing_of_invocations_that_succeed" {
  command = plan

  module {
    source = "../../terraform/modules/function"
  }

  variables {
    log_successes = false
  }

  assert {
    condition     = aws_lambda_function.function.logging_config[0].log_format == "JSON" && aws_lambda_function.function.logging_config[0].system_log_level == "WARN"
    error_message = "Lambda logs invocations that succeed"
  }
}

run "runs_an_image_as_it_is" {
  command = plan

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition = (
      aws_lambda_function.function.package_type == "Image"
      && aws_lambda_function.function.image_uri == var.image.uri
      && length(aws_lambda_function.function.image_config) == 0
      && tolist(aws_lambda_function.function.architectures) == tolist(["arm64"])
      && aws_lambda_function.function.memory_size == 3008
      && aws_lambda_function.function.timeout == 300
      && aws_lambda_function.function.ephemeral_storage[0].size == 512
      && aws_lambda_function.function.environment[0].variables == tomap({ WAREHOUSE = "s3://sample-data/lake" })
    )
    error_message = "the function is not as asked for"
  }
}

run "runs_an_image_by_another_command" {
  command = plan

  variables {
    image = merge(var.image, { command = ["another.handler"] })
  }

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition     = aws_lambda_function.function.image_config[0].command == tolist(["another.handler"])
    error_message = "the image runs its own command"
  }
}

run "runs_a_zip" {
  command = plan

  variables {
    image = null
    zip   = { file = "function.tftest.hcl", architecture = "x86_64", handler = "a.handler", runtime = "python3.13" }
  }

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition = (
      aws_lambda_function.function.package_type == "Zip"
      && aws_lambda_function.function.filename == "function.tftest.hcl"
      && aws_lambda_function.function.handler == "a.handler"
      && aws_lambda_function.function.runtime == "python3.13"
      && tolist(aws_lambda_function.function.architectures) == tolist(["x86_64"])
    )
    error_message = "the function is not as asked for"
  }
}

run "refuses_to_be_both_a_zip_and_an_image" {
  command = plan

  variables {
    zip = { file = "function.tftest.hcl", architecture = "x86_64", handler = "a.handler", runtime = "python3.13" }
  }

  module {
    source = "../../terraform/modules/function"
  }

  expect_failures = [var.image]
}

run "refuses_to_be_of_no_code" {
  command = plan

  variables {
    image = null
  }

  module {
    source = "../../terraform/modules/function"
  }

  expect_failures = [var.image]
}

run "takes_the_room_that_it_is_given" {
  command = plan

  variables {
    limits = merge(var.limits, { concurrency = 2 })
  }

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition     = aws_lambda_function.function.reserved_concurrent_executions == 2
    error_message = "the function may take the account's room, or has none of its own"
  }
}

run "has_no_limit_without_one" {
  command = plan

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition     = aws_lambda_function.function.reserved_concurrent_executions == -1
    error_message = "AWS would refuse the function, or let none of it run"
  }
}

run "is_invoked_on_a_schedule" {
  variables {
    schedule     = { expression = "rate(1 hour)", description = "When rows are carried.", input = "{}" }
    asynchronous = { max_retries = 0, max_age_seconds = 3600 }
  }

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition = (
      aws_cloudwatch_event_rule.schedule[0].schedule_expression == "rate(1 hour)"
      && aws_cloudwatch_event_target.schedule[0].input == "{}"
      && aws_cloudwatch_event_target.schedule[0].arn == aws_lambda_function.function.arn
      && aws_lambda_permission.schedule[0].source_arn == aws_cloudwatch_event_rule.schedule[0].arn
    )
    error_message = "the schedule does not, or may not, invoke the function"
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.function[0].maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.function[0].maximum_event_age_in_seconds == 3600
    error_message = "Lambda repeats a run that failed, twice, up to 15 minutes each"
  }
}

run "is_left_alone_without_a_schedule" {
  command = plan

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.schedule) + length(aws_lambda_permission.schedule) + length(aws_lambda_function_event_invoke_config.function) == 0
    error_message = "something invokes the function"
  }

  assert {
    condition     = !aws_lambda_function.function.publish && length(aws_lambda_alias.live) == 0 && length(aws_lambda_function.function.snap_start) == 0
    error_message = "SnapStart is on without being asked for"
  }
}

run "starts_from_a_snapshot_of_the_version_that_is_invoked" {
  variables {
    snap_start = true
  }

  module {
    source = "../../terraform/modules/function"
  }

  assert {
    condition     = aws_lambda_function.function.publish && aws_lambda_function.function.snap_start[0].apply_on == "PublishedVersions"
    error_message = "no version is published, so there is no snapshot"
  }

  assert {
    condition     = aws_lambda_alias.live[0].function_version == "7" && output.arn == aws_lambda_alias.live[0].arn
    error_message = "something else is invoked"
  }
}
