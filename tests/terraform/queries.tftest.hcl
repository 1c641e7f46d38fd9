mock_provider "aws" {
  source = "./mocks"
}

variables {
  name          = "sample"
  settings      = { scan_limit_gb = 100 }
  force_destroy = false
  lake = {
    database_name = "sample"
    bucket        = { name = "sample-data" }
    prefixes      = { query_results = "query_results" }
  }
}

run "limits_and_encrypts_every_query" {
  command = plan

  module {
    source = "../../terraform/modules/queries"
  }

  assert {
    condition = (
      aws_athena_workgroup.queries.configuration[0].enforce_workgroup_configuration
      && aws_athena_workgroup.queries.configuration[0].bytes_scanned_cutoff_per_query == 107374182400
      && aws_athena_workgroup.queries.configuration[0].result_configuration[0].output_location == "s3://sample-data/query_results/"
      && aws_athena_workgroup.queries.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_S3"
    )
    error_message = "a query may scan without limit, or leave its result in the clear"
  }
}

run "names_a_query_for_each_file" {
  command = plan

  module {
    source = "../../terraform/modules/queries"
  }

  assert {
    condition     = toset([for query in aws_athena_named_query.queries : query.name]) == toset(["audit", "events_by_day", "failed_records", "recent_events", "unique_events"])
    error_message = "the named queries are not the files of sql/"
  }
}
