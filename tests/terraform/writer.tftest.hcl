mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                   = "sample-writer"
  image_uri              = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
  architecture           = "arm64"
  memory_mb              = 3008
  timeout_seconds        = 300
  ephemeral_storage_mb   = 512
  snap_start             = false
  batch_size             = 10000
  window_seconds         = 60
  max_retries            = 10
  stream_retention_hours = 24
  max_event_age_days     = 30
  ip_policy              = "truncated"
  stream_arn             = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events"
  database_name          = "sample"
  glue_arns              = ["arn:aws:glue:eu-west-1:123456789012:catalog"]
  warehouse              = "s3://sample-data/lake"
  bucket_arn             = "arn:aws:s3:::sample-data"
  lake_prefix            = "lake"
  failed_batches_prefix  = "aws/lambda"
  log_retention_days     = 30
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

run "tells_the_function_what_its_settings_read" {
  command = plan

  module {
    source = "../../terraform/modules/writer"
  }

  assert {
    condition = aws_lambda_function.writer.environment[0].variables == tomap({
      GLUE_DATABASE      = "sample"
      WAREHOUSE          = "s3://sample-data/lake"
      CONSUMER_GROUP     = "writer"
      MAX_EVENT_AGE_DAYS = "30"
      IP_POLICY          = "truncated"
    })
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
