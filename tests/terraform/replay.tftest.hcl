mock_provider "aws" {
  source = "./mocks"
}

variables {
  name    = "sample-replay"
  account = { id = "123456789012" }
  writer = {
    image                = { uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0", architecture = "arm64" }
    memory_mb            = 3008
    ephemeral_storage_mb = 512
    reserve_concurrency  = true
    environment          = {}
    may_write_rows       = {}
  }
  lake = {
    bucket   = { name = "sample-data", arn = "arn:aws:s3:::sample-data" }
    prefixes = { failed_batches = "aws/lambda", replayed_batches = "replayed_batches" }
  }
  backfill_from      = []
  log_retention_days = 30
}

run "puts_through_again_what_was_given_up_on" {
  command = plan

  module {
    source = "../../terraform/modules/replay"
  }

  assert {
    condition     = aws_s3_bucket_notification.failed_batches[0].lambda_function[0].filter_prefix == "aws/lambda/"
    error_message = "batches that the mapping gave up on are left alone"
  }

  assert {
    condition     = aws_lambda_permission.failed_batches[0].source_arn == "arn:aws:s3:::sample-data" && aws_lambda_permission.failed_batches[0].source_account == "123456789012"
    error_message = "the bucket may not invoke the function, or another one may"
  }
}

run "waits_for_the_hour_where_nothing_bounds_a_burst" {
  command = plan

  variables {
    writer = {
      image                = { uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0", architecture = "arm64" }
      memory_mb            = 3008
      ephemeral_storage_mb = 512
      reserve_concurrency  = false
      environment          = {}
      may_write_rows       = {}
    }
  }

  module {
    source = "../../terraform/modules/replay"
  }

  assert {
    condition     = length(aws_s3_bucket_notification.failed_batches) == 0 && length(aws_lambda_permission.failed_batches) == 0
    error_message = "each batch of a burst is an invocation of its own"
  }
}

run "reads_what_is_to_be_backfilled" {
  variables {
    backfill_from = [{ bucket_arn = "arn:aws:s3:::exports", prefix = "2025/" }]
  }

  module {
    source = "../../terraform/modules/replay"
  }

  assert {
    condition     = output.function_name == "sample-replay" && contains(flatten([for statement in local.may_read_sources : statement.resources]), "arn:aws:s3:::exports/2025/*")
    error_message = "the function may not read the folder"
  }
}
