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
  versioning           = false
  noncurrent_days      = 7
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
    condition     = length(aws_s3_bucket_versioning.data) == 0 && length(aws_glue_catalog_table_optimizer.lake) == 0 && length(aws_iam_role.optimizers) == 0
    error_message = "optional parts are there without being asked for"
  }
}

run "expires_nothing_of_the_lake" {
  command = plan

  variables {
    versioning = true
  }

  module {
    source = "../../terraform/modules/lake"
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.data.rule :
      rule.filter[0].prefix if length(rule.expiration) > 0
    ] == ["query_results/"]
    error_message = "a rule expires more than query results"
  }

  assert {
    condition     = length([for rule in aws_s3_bucket_lifecycle_configuration.data.rule : rule if length(rule.noncurrent_version_expiration) > 0]) == 1
    error_message = "old versions are kept for ever"
  }

  assert {
    condition     = aws_s3_bucket_versioning.data[0].versioning_configuration[0].status == "Enabled"
    error_message = "the bucket is not versioned"
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
