mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                    = "sample"
  image_uri               = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
  architecture            = "arm64"
  memory_mb               = 3008
  timeout_seconds         = 300
  ephemeral_storage_mb    = 512
  snap_start              = false
  batch_size              = 10000
  window_seconds          = 60
  max_retries             = 10
  reserve_concurrency     = true
  shards                  = 3
  stream_retention_hours  = 24
  max_event_age_days      = 30
  ip_policy               = "truncated"
  maintenance_schedule    = "rate(1 hour)"
  alert_email             = null
  account_id              = "123456789012"
  bucket_name             = "sample-data"
  replayed_batches_prefix = "replayed_batches"
  failed_records_prefixes = ["failed_records", "failed_transformation_records"]
  stream_arn              = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events"
  database_name           = "sample"
  glue_arns               = ["arn:aws:glue:eu-west-1:123456789012:catalog"]
  warehouse               = "s3://sample-data/lake"
  bucket_arn              = "arn:aws:s3:::sample-data"
  lake_prefix             = "lake"
  failed_batches_prefix   = "aws/lambda"
  tracking_plan           = null
  tracking_plans_prefix   = "tracking_plans"
  log_retention_days      = 30
}

run "gets_each_shard_without_gaps" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.parallelization_factor == 1 && length(aws_lambda_event_source_mapping.stream.filter_criteria) == 0
    error_message = "the ledger in the tables needs one batch of a shard at a time, and every record of it (docs/adr/0003)"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.starting_position == "TRIM_HORIZON"
    error_message = "events that came before the mapping would be lost"
  }
}

run "retries_bisects_and_gives_up_to_the_bucket" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.stream.batch_size == 10000
      && aws_lambda_event_source_mapping.stream.maximum_batching_window_in_seconds == 60
      && aws_lambda_event_source_mapping.stream.bisect_batch_on_function_error
      && aws_lambda_event_source_mapping.stream.maximum_retry_attempts == 10
      && aws_lambda_event_source_mapping.stream.maximum_record_age_in_seconds == 79200
      && aws_lambda_event_source_mapping.stream.function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.stream.destination_config[0].on_failure[0].destination_arn == "arn:aws:s3:::sample-data"
    )
    error_message = "the mapping's options are not those asked for"
  }
}

run "lets_no_more_run_than_are_needed" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = {
      writer      = aws_lambda_function.writer.reserved_concurrent_executions
      maintenance = aws_lambda_function.maintenance[0].reserved_concurrent_executions
      replay      = aws_lambda_function.replay.reserved_concurrent_executions
    } == { writer = 6, maintenance = 2, replay = 2 }
    error_message = "a function may take the account's room, or has none of its own"
  }
}

run "limits_no_writers_of_a_stream_that_grows_by_itself" {
  command = plan

  variables {
    shards = null
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_lambda_function.writer.reserved_concurrent_executions == -1 && aws_lambda_function.replay.reserved_concurrent_executions == 2
    error_message = "a shard that the stream has grown gets no writer"
  }
}

run "keeps_no_room_in_an_account_that_has_none" {
  command = plan

  variables {
    reserve_concurrency = false
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = alltrue([
      for function in [aws_lambda_function.writer, aws_lambda_function.maintenance[0], aws_lambda_function.replay] :
      function.reserved_concurrent_executions == -1
    ])
    error_message = "AWS would refuse the functions"
  }
}

run "lets_maintenance_make_no_table" {
  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = {
      for name, policy in { writer = aws_iam_role_policy.writer, maintenance = aws_iam_role_policy.maintenance[0], replay = aws_iam_role_policy.replay } :
      name => contains(flatten([for statement in jsondecode(policy.policy).Statement : statement.Action]), "glue:CreateTable")
    } == { writer = true, maintenance = false, replay = true }
    error_message = "a function may make tables that never does, or may not that must"
  }
}

run "tells_every_function_what_its_settings_read" {
  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = alltrue([
      for function in [aws_lambda_function.writer, aws_lambda_function.maintenance[0], aws_lambda_function.replay] :
      tomap({ for name, value in function.environment[0].variables : name => value if !contains(["FAILED_BATCHES_PREFIX", "STREAM_RETENTION_HOURS"], name) }) == tomap({
        GLUE_DATABASE         = "sample"
        WAREHOUSE             = "s3://sample-data/lake"
        CONSUMER_GROUP        = "writer"
        MAX_EVENT_AGE_DAYS    = "30"
        IP_POLICY             = "truncated"
        FAILED_RECORDS_PREFIX = "s3://sample-data"
        FAILURES_TOPIC_ARN    = "arn:aws:sns:eu-west-1:123456789012:mocked"
      })
    ])
    error_message = "the environment is ${jsonencode(aws_lambda_function.writer.environment[0].variables)}"
  }

  assert {
    condition     = aws_lambda_function.writer.package_type == "Image" && aws_lambda_function.writer.memory_size == 3008 && aws_lambda_function.writer.timeout == 300
    error_message = "the function is not as asked for"
  }

  assert {
    condition     = !aws_lambda_function.writer.publish && length(aws_lambda_alias.live) == 0 && length(aws_lambda_function.writer.snap_start) == 0
    error_message = "SnapStart is on without being asked for"
  }
}

run "maintains_the_tables_on_a_schedule" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_cloudwatch_event_rule.maintenance[0].schedule_expression == "rate(1 hour)" && aws_lambda_function.maintenance[0].timeout == 900
    error_message = "the tables are not maintained every hour"
  }

  assert {
    condition     = aws_lambda_function.maintenance[0].image_config[0].command == tolist(["headwater_writer.functions.maintenance.handler"])
    error_message = "maintenance runs another handler"
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.maintenance[0].maximum_retry_attempts == 0
    error_message = "Lambda repeats a run that failed, twice, up to 15 minutes each"
  }
}

run "tells_maintenance_how_long_the_stream_keeps_a_record" {
  variables {
    stream_retention_hours = 168
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_lambda_function.maintenance[0].environment[0].variables["STREAM_RETENTION_HOURS"] == "168"
    error_message = "ledgers of closed shards stay for longer than they are of use, or not long enough"
  }

  assert {
    condition = alltrue([
      for function in [aws_lambda_function.writer, aws_lambda_function.replay] :
      !contains(keys(function.environment[0].variables), "STREAM_RETENTION_HOURS")
    ])
    error_message = "a function is told what it has no use for"
  }
}

run "maintains_nothing_without_a_schedule" {
  command = plan

  variables {
    maintenance_schedule = null
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = (
      length(aws_lambda_function.maintenance) == 0
      && length(aws_cloudwatch_event_rule.maintenance) == 0
      && length(aws_lambda_function_event_invoke_config.maintenance) == 0
      && length(aws_iam_role.maintenance) == 0
      && length(aws_cloudwatch_log_group.maintenance) == 0
      && output.maintenance_function_name == null
    )
    error_message = "there is maintenance without a schedule"
  }
}

run "puts_through_again_what_was_given_up_on" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_s3_bucket_notification.failed_batches.lambda_function[0].filter_prefix == "aws/lambda/" && aws_lambda_permission.failed_batches.source_account == "123456789012"
    error_message = "batches that the mapping gave up on are left alone"
  }

  assert {
    condition     = aws_lambda_function.replay.image_config[0].command == tolist(["headwater_writer.functions.replay.handler"])
    error_message = "replay runs another handler"
  }

  assert {
    condition     = aws_lambda_function.replay.timeout == 900 && aws_lambda_function_event_invoke_config.replay.maximum_retry_attempts == 0
    error_message = "replay has no time for many, or is repeated where the next hour does it"
  }
}

run "takes_up_every_hour_what_still_waits" {
  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = (
      aws_cloudwatch_event_rule.replay.schedule_expression == "rate(1 hour)"
      && aws_cloudwatch_event_target.replay.input == jsonencode({ given_up = { alarm = true } })
      && aws_cloudwatch_event_target.replay.arn == aws_lambda_function.replay.arn
      && aws_lambda_permission.replay_schedule.source_arn == aws_cloudwatch_event_rule.replay.arn
    )
    error_message = "a batch that failed once more waits for ever"
  }

  assert {
    condition     = aws_lambda_function.replay.environment[0].variables["FAILED_BATCHES_PREFIX"] == "s3://sample-data/aws/lambda/"
    error_message = "replay does not know where batches wait"
  }

  assert {
    condition = alltrue([
      for function in [aws_lambda_function.writer, aws_lambda_function.maintenance[0]] :
      !contains(keys(function.environment[0].variables), "FAILED_BATCHES_PREFIX")
    ])
    error_message = "a function is told what it has no use for"
  }
}

run "mails_who_asked_for_it" {
  command = plan

  variables {
    alert_email = "ada@example.com"
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_sns_topic_subscription.email[0].endpoint == "ada@example.com"
    error_message = "nobody is told"
  }
}

run "starts_from_a_snapshot_of_the_version_the_mapping_invokes" {
  variables {
    snap_start = true
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_lambda_function.writer.publish && aws_lambda_function.writer.snap_start[0].apply_on == "PublishedVersions"
    error_message = "no version is published, so there is no snapshot"
  }

  assert {
    condition     = aws_lambda_alias.live[0].function_version == "7" && aws_lambda_event_source_mapping.stream.function_name == aws_lambda_alias.live[0].arn
    error_message = "the mapping invokes something else"
  }

  # They are of the same image, start now and then, and are invoked unqualified.
  assert {
    condition = alltrue([
      for function in [aws_lambda_function.replay, aws_lambda_function.maintenance[0]] :
      length(function.snap_start) == 0 && !coalesce(function.publish, false)
    ])
    error_message = "a snapshot is paid for that nobody starts from"
  }
}

run "keeps_to_the_longest_age_a_mapping_takes" {
  command = plan

  variables {
    stream_retention_hours = 8760
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.maximum_record_age_in_seconds == 604800
    error_message = "Lambda would refuse the mapping"
  }
}

run "has_no_plan_without_one" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = length(aws_s3_object.tracking_plan) == 0 && length(local.may_read_tracking_plan) == 0
    error_message = "there is a tracking plan that nobody asked for"
  }
}

run "gives_the_plan_to_those_who_write_rows" {
  variables {
    tracking_plan = "plans/good.yaml"
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_s3_object.tracking_plan[0].content == file("plans/good.yaml") && can(regex("^tracking_plans/[0-9a-f]{16}\\.yaml$", aws_s3_object.tracking_plan[0].key))
    error_message = "the plan is not in the bucket under a key of its content"
  }

  assert {
    condition = alltrue([
      for function in [aws_lambda_function.writer, aws_lambda_function.replay] :
      function.environment[0].variables["TRACKING_PLAN"] == "s3://sample-data/${aws_s3_object.tracking_plan[0].key}"
    ])
    error_message = "a function that writes rows does not know of the plan"
  }

  assert {
    condition = alltrue([
      for policy in [aws_iam_role_policy.writer, aws_iam_role_policy.replay] :
      one([for statement in jsondecode(policy.policy).Statement : statement.Resource if statement.Sid == "TrackingPlan"]) == "arn:aws:s3:::sample-data/tracking_plans/*"
    ])
    error_message = "a function that writes rows may not read the plan"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.maintenance[0].policy).Statement : statement if statement.Sid == "TrackingPlan"]) == 0
    error_message = "maintenance may read what it has no use for"
  }
}
