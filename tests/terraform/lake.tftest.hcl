mock_provider "aws" {
  source = "./mocks"
}

variables {
  name               = "sample"
  account            = { id = "123456789012", partition = "aws", region = "eu-west-1" }
  settings           = { noncurrent_days = 5, failed_days = 90 }
  query_results_days = 7
  force_destroy      = false
}

run "expires_nothing_of_the_lake" {
  module {
    source = "../../terraform/modules/lake"
  }

  assert {
    condition = toset([
      for rule in aws_s3_bucket_lifecycle_configuration.data.rule :
      rule.filter[0].prefix if length([for expiration in rule.expiration : expiration if coalesce(expiration.days, 0) > 0 || expiration.date != null]) > 0
    ]) == toset(["query_results/", "demo/", "failed_records/", "failed_transformation_records/", "aws/lambda/", "replayed_batches/"])
    error_message = "current objects expire of ${jsonencode([for rule in aws_s3_bucket_lifecycle_configuration.data.rule : rule.filter[0].prefix if length(rule.expiration) > 0])}"
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.data.rule :
      rule.status == "Enabled" && !startswith(coalesce(rule.filter[0].prefix, "none"), "lake")
    ])
    error_message = "a rule is off, or is about the tables' files"
  }
}

run "expires_what_failed_when_it_is_asked_to" {
  command = plan

  variables {
    settings = { noncurrent_days = 5, failed_days = 30 }
  }

  module {
    source = "../../terraform/modules/lake"
  }

  assert {
    condition = {
      for rule in aws_s3_bucket_lifecycle_configuration.data.rule :
      rule.filter[0].prefix => rule.expiration[0].days if try(rule.expiration[0].days > 0, false)
      } == {
      "query_results/"                 = 7
      "demo/"                          = 1
      "failed_records/"                = 30
      "failed_transformation_records/" = 30
      "aws/lambda/"                    = 30
      "replayed_batches/"              = 30
    }
    error_message = "files of failures are kept for another time"
  }
}

run "keeps_what_was_overwritten_or_deleted_for_some_days" {
  command = plan

  module {
    source = "../../terraform/modules/lake"
  }

  assert {
    condition = {
      for rule in aws_s3_bucket_lifecycle_configuration.data.rule :
      rule.id => rule.noncurrent_version_expiration[0].noncurrent_days if length(rule.noncurrent_version_expiration) > 0
    } == { old-versions = 5 }
    error_message = "old versions are kept for ever, or for another time"
  }

  assert {
    condition = one([
      for rule in aws_s3_bucket_lifecycle_configuration.data.rule :
      rule.expiration[0].expired_object_delete_marker if rule.id == "old-versions"
    ])
    error_message = "the marks that deletes leave are kept for ever"
  }
}
