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

run "names_and_prepares_a_query_for_each_question" {
  command = plan

  module {
    source = "../../terraform/modules/queries"
  }

  assert {
    condition     = toset(keys(aws_athena_named_query.questions)) == toset([for file in fileset("../../terraform/modules/queries/sql", "*.sql") : trimsuffix(file, ".sql")])
    error_message = "the named queries are not the files of sql/"
  }

  assert {
    condition     = keys(aws_athena_named_query.questions) == keys(aws_athena_prepared_statement.questions)
    error_message = "a question has no prepared statement"
  }

  assert {
    condition = alltrue([
      for query in aws_athena_prepared_statement.questions :
      !strcontains(query.query_statement, "$${") && length(regexall(":[a-z]", query.query_statement)) == length(regexall("(?m)^--.*:[a-z]", query.query_statement))
    ])
    error_message = "a part or a parameter is left in a prepared statement"
  }

  assert {
    condition     = strcontains(aws_athena_prepared_statement.questions["loyalty"].query_statement, "CAST(? AS date) AS first_day")
    error_message = "a parameter is no question mark"
  }
}

run "hands_out_the_views" {
  command = plan

  module {
    source = "../../terraform/modules/queries"
  }

  assert {
    condition     = toset(keys(output.views)) == toset(["sessions", "unique_events", "users"])
    error_message = "the views are not the files of sql/views/"
  }

  assert {
    condition     = strcontains(output.views["sessions"], "sessions_read AS (")
    error_message = "a view lacks its parts"
  }
}
