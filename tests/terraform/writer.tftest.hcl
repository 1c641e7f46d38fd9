mock_provider "aws" {
  source = "./mocks"
}

variables {
  name  = "sample-writer"
  image = { uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0", architecture = "arm64" }
  settings = {
    memory_mb            = 3008
    timeout_seconds      = 300
    ephemeral_storage_mb = 512
    snap_start           = false
    enhanced_fan_out     = false
    batch_size           = 10000
    window_seconds       = 60
    max_retries          = 10
    reserve_concurrency  = true
    max_event_age_days   = 30
    ip_policy            = "truncated"
  }
  stream = {
    arn             = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events"
    shards          = 3
    retention_hours = 24
  }
  lake = {
    database_name     = "sample"
    tables            = ["events"]
    glue_arns         = ["arn:aws:glue:eu-west-1:123456789012:catalog"]
    warehouse         = "s3://sample-data/lake"
    bucket            = { name = "sample-data", arn = "arn:aws:s3:::sample-data" }
    prefixes          = { failed_batches = "aws/lambda", failed_records = ["failed_records"], tracking_plans = "tracking_plans" }
    may_change_tables = {}
    table_arn_prefix  = "arn:aws:glue:eu-west-1:123456789012:table/sample"
  }
  views              = { users = "SELECT 1" }
  topic_arn          = "arn:aws:sns:eu-west-1:123456789012:sample-failures"
  log_retention_days = 30
}

run "creates_the_tables_before_the_first_event" {
  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_lambda_invocation.tables.function_name == "sample-writer" && aws_lambda_invocation.tables.input == jsonencode({ Records = [], views = var.views })
    error_message = "nothing lets the writer create the tables and the views"
  }

  assert {
    condition     = aws_lambda_invocation.tables.triggers.image == var.image.uri
    error_message = "columns that another image adds wait for an event"
  }
}

run "shares_the_stream_unless_told_otherwise" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.event_source_arn == var.stream.arn && length(aws_kinesis_stream_consumer.writer) == 0 && !contains(keys(local.may_be_sent_batches), "Consumer")
    error_message = "something is paid for that nobody asked for"
  }
}

run "commits_by_itself_unless_there_is_a_queue" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = length(local.offering) == 0 && length(local.may_offer) == 0
    error_message = "it would offer what nobody takes"
  }
}

run "offers_its_commits_and_no_other_does" {
  command = plan

  variables {
    offers_queue = { url = "https://sqs.eu-west-1.amazonaws.com/123456789012/offers", arn = "arn:aws:sqs:eu-west-1:123456789012:offers" }
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = local.offering == { OFFERS_QUEUE_URL = var.offers_queue.url } && local.may_offer["Offers"].resources == [var.offers_queue.arn]
    error_message = "it does not know where to offer, or may not"
  }

  assert {
    condition     = !contains(keys(output.shared.environment), "OFFERS_QUEUE_URL") && !contains(keys(output.shared.may_write_rows), "Offers")
    error_message = "a replay would wait for a committer"
  }
}

run "has_a_throughput_of_its_own" {
  variables {
    settings = merge(var.settings, { enhanced_fan_out = true })
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_kinesis_stream_consumer.writer[0].stream_arn == var.stream.arn && aws_lambda_event_source_mapping.stream.event_source_arn == aws_kinesis_stream_consumer.writer[0].arn
    error_message = "the mapping reads ${aws_lambda_event_source_mapping.stream.event_source_arn}"
  }

  assert {
    condition     = local.may_be_sent_batches["Consumer"].resources == [aws_kinesis_stream_consumer.writer[0].arn]
    error_message = "the role may not read through the consumer"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.parallelization_factor == 1
    error_message = "a shard's batches come side by side"
  }
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

run "invokes_the_version_that_has_a_snapshot" {
  variables {
    settings = merge(var.settings, { snap_start = true })
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = endswith(module.function.arn, ":live") && aws_lambda_event_source_mapping.stream.function_name == module.function.arn
    error_message = "the mapping invokes something else"
  }
}

run "keeps_to_the_longest_age_a_mapping_takes" {
  command = plan

  variables {
    stream = merge(var.stream, { retention_hours = 8760 })
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
    condition     = length(aws_s3_object.tracking_plan) == 0 && !contains(keys(output.shared.environment), "TRACKING_PLAN") && !contains(keys(output.shared.may_write_rows), "TrackingPlan")
    error_message = "there is a tracking plan that nobody asked for"
  }
}

run "gives_the_plan_to_those_who_write_rows" {
  variables {
    settings = merge(var.settings, { tracking_plan = "plans/good.yaml" })
  }

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition     = aws_s3_object.tracking_plan[0].content == file("plans/good.yaml") && can(regex("^tracking_plans/[0-9a-f]{16}\\.yaml$", aws_s3_object.tracking_plan[0].key))
    error_message = "the plan is not in the bucket under a key of its content"
  }

  assert {
    condition     = output.shared.environment["TRACKING_PLAN"] == "s3://sample-data/${aws_s3_object.tracking_plan[0].key}"
    error_message = "a function that writes rows does not know of the plan"
  }

  assert {
    condition     = one(output.shared.may_write_rows["TrackingPlan"].resources) == "arn:aws:s3:::sample-data/tracking_plans/*"
    error_message = "a function that writes rows may not read the plan"
  }
}
