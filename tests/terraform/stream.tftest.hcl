mock_provider "aws" {
  source = "./mocks"
}

variables {
  name     = "sample-events"
  settings = { mode = "provisioned", shards = 3, retention_hours = 48 }
}

run "provisions_the_shards_asked_for_encrypted" {
  command = plan

  module {
    source = "../../terraform/modules/stream"
  }

  assert {
    condition = (
      aws_kinesis_stream.events.name == "sample-events"
      && aws_kinesis_stream.events.shard_count == 3
      && aws_kinesis_stream.events.retention_period == 48
      && aws_kinesis_stream.events.encryption_type == "KMS"
      && aws_kinesis_stream.events.stream_mode_details[0].stream_mode == "PROVISIONED"
    )
    error_message = "the stream is not the one asked for"
  }

  assert {
    condition     = output.shards == 3 && output.retention_hours == 48
    error_message = "whoever reads the stream is told something else of it"
  }
}

run "leaves_the_shards_to_aws_on_demand" {
  command = plan

  variables {
    settings = { mode = "on_demand", shards = 3, retention_hours = 48 }
  }

  module {
    source = "../../terraform/modules/stream"
  }

  assert {
    condition     = aws_kinesis_stream.events.shard_count == null && output.shards == null && aws_kinesis_stream.events.stream_mode_details[0].stream_mode == "ON_DEMAND"
    error_message = "an on-demand stream takes no number of shards"
  }
}
