mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                 = "sample"
  bucket_name          = "sample-data-123456789012-eu-west-1"
  database_name        = "sample"
  account_id           = "123456789012"
  partition            = "aws"
  region               = "eu-west-1"
  noncurrent_days      = 5
  failed_days          = 90
  glue_optimizers      = false
  query_results_prefix = "query_results"
  query_results_days   = 7
  force_destroy        = false
}

run "closes_and_encrypts_the_bucket" {
  module {
    source = "../../terraform/modules/lake"
  }

  variables {
    force_destroy = true
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.data.block_public_acls,
      aws_s3_bucket_public_access_block.data.block_public_policy,
      aws_s3_bucket_public_access_block.data.ignore_public_acls,
      aws_s3_bucket_public_access_block.data.restrict_public_buckets,
    ])
    error_message = "the public may get at the bucket"
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.data.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "the bucket is not encrypted"
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.data.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "the bucket takes requests without TLS"
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.data.policy).Statement[0].Effect == "Deny"
    error_message = "the policy does not deny"
  }
}

run "keeps_the_events_by_default" {
  command = plan

  module {
    source = "../../terraform/modules/lake"
  }

  assert {
    condition     = aws_s3_bucket.data.force_destroy == false
    error_message = "a destroy would delete the events"
  }

  assert {
    condition     = length(aws_glue_catalog_table_optimizer.lake) == 0 && length(aws_iam_role.optimizers) == 0
    error_message = "optional parts are there without being asked for"
  }
}

run "expires_nothing_of_the_lake" {
  command = plan

  module {
    source = "../../terraform/modules/lake"
  }

  assert {
    condition = toset([
      for rule in aws_s3_bucket_lifecycle_configuration.data.rule :
      rule.filter[0].prefix if length([for expiration in rule.expiration : expiration if coalesce(expiration.days, 0) > 0 || expiration.date != null]) > 0
    ]) == toset(["query_results/", "failed_records/", "failed_transformation_records/", "aws/lambda/", "replayed_batches/"])
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
    failed_days = 30
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
    condition     = aws_s3_bucket_versioning.data.versioning_configuration[0].status == "Enabled"
    error_message = "one bad delete is final"
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

run "optimizes_every_table_in_three_ways" {
  command = plan

  variables {
    glue_optimizers = true
  }

  module {
    source = "../../terraform/modules/lake"
  }

  assert {
    condition     = length(aws_glue_catalog_table_optimizer.lake) == 9 && length(aws_iam_role_policy.optimizers) == 1
    error_message = "there are ${length(aws_glue_catalog_table_optimizer.lake)} optimizers"
  }
}
