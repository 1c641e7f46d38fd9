mock_provider "aws" {
  source = "./mocks"
}

variables {
  name = "sample-committer"
  writer = {
    image                  = { uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0", architecture = "arm64" }
    memory_mb              = 3008
    ephemeral_storage_mb   = 512
    reserve_concurrency    = true
    environment            = { GLUE_DATABASE = "sample" }
    may_read_tracking_plan = {}
  }
  lake               = { may_change_tables = {} }
  log_retention_days = 30
}

run "takes_what_comes_within_a_second_in_one_group" {
  command = plan

  module {
    source = "../../terraform/modules/committer"
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.offers.batch_size == 1000
      && aws_lambda_event_source_mapping.offers.maximum_batching_window_in_seconds == 1
      && aws_lambda_event_source_mapping.offers.scaling_config[0].maximum_concurrency == 2
    )
    error_message = "offers wait, or come in groups that are smaller than need be, or to more committers"
  }

  # An invocation fails as a whole: a commit is one.
  assert {
    condition     = aws_lambda_event_source_mapping.offers.function_response_types == null
    error_message = "the function would have to say which offers failed"
  }
}

run "keeps_an_offer_as_long_as_a_committer_takes_it" {
  command = plan

  module {
    source = "../../terraform/modules/committer"
  }

  assert {
    condition     = aws_sqs_queue.offers.message_retention_seconds == 3600 && aws_sqs_queue.offers.visibility_timeout_seconds == 721
    error_message = "an offer goes too soon, or comes again while it is still worked on"
  }

  assert {
    condition     = aws_sqs_queue.offers.sqs_managed_sse_enabled && aws_sqs_queue.offers.kms_master_key_id == null
    error_message = "offers are not encrypted"
  }
}

run "encrypts_offers_with_a_key_of_yours" {
  variables {
    key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  module {
    source = "../../terraform/modules/committer"
  }

  assert {
    condition     = aws_sqs_queue.offers.kms_master_key_id == var.key_arn
    error_message = "offers are encrypted with another key"
  }

  assert {
    condition     = local.may_take_offers.Offers.resources == [aws_sqs_queue.offers.arn] && output.queue == { url = aws_sqs_queue.offers.url, arn = aws_sqs_queue.offers.arn }
    error_message = "writers offer elsewhere than the committer looks"
  }
}
