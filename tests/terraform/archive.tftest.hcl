mock_provider "aws" {
  source = "./mocks"
}

variables {
  name               = "sample-archive"
  bucket_name        = "sample-raw-123456789012-eu-west-1"
  account            = { id = "123456789012" }
  settings           = { buffer_mb = 64, buffer_seconds = 300, first_hour = "2026/01/01/00" }
  zip                = { file = "archive.tftest.hcl", architecture = "arm64" }
  stream             = { arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events" }
  database_name      = "sample"
  ip_policy          = "truncated"
  log_retention_days = 30
  force_destroy      = true
}

run "writes_an_hours_events_into_its_folder" {
  module {
    source = "../../terraform/modules/sinks/archive"
  }

  assert {
    condition     = one(aws_kinesis_firehose_delivery_stream.archive.extended_s3_configuration).prefix == "archive/!{timestamp:yyyy/MM/dd/HH}/"
    error_message = "objects are below ${one(aws_kinesis_firehose_delivery_stream.archive.extended_s3_configuration).prefix}"
  }

  assert {
    condition     = one(aws_kinesis_firehose_delivery_stream.archive.extended_s3_configuration).compression_format == "GZIP"
    error_message = "objects are not compressed"
  }

  assert {
    condition     = !startswith(local.prefixes.errors, local.prefixes.archive) && startswith(local.prefixes.refused, local.prefixes.errors)
    error_message = "Athena and a backfill would read what was refused"
  }
}

run "lets_athena_find_each_hour_by_its_name" {
  module {
    source = "../../terraform/modules/sinks/archive"
  }

  assert {
    condition     = aws_glue_catalog_table.archive.parameters["storage.location.template"] == "${output.source.uri}$${datehour}"
    error_message = "the template is ${aws_glue_catalog_table.archive.parameters["storage.location.template"]}"
  }

  assert {
    condition     = aws_glue_catalog_table.archive.parameters["projection.datehour.range"] == "2026/01/01/00,NOW"
    error_message = "the range is ${aws_glue_catalog_table.archive.parameters["projection.datehour.range"]}"
  }

  assert {
    condition     = aws_glue_catalog_table.archive.storage_descriptor[0].ser_de_info[0].parameters["case.insensitive"] == "false"
    error_message = "a line with keys that differ in case alone fails the query"
  }
}

run "keeps_events_for_ever_unless_told_otherwise" {
  command = plan

  module {
    source = "../../terraform/modules/sinks/archive"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.archive.rule[0].status == "Disabled"
    error_message = "events expire"
  }
}

run "lets_events_expire" {
  command = plan

  variables {
    settings = { buffer_mb = 64, buffer_seconds = 300, first_hour = "2026/01/01/00", days = 30 }
  }

  module {
    source = "../../terraform/modules/sinks/archive"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.archive.rule[0].status == "Enabled" && aws_s3_bucket_lifecycle_configuration.archive.rule[0].expiration[0].days == 30
    error_message = "events stay"
  }
}
