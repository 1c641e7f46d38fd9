mock_provider "aws" {
  source = "./mocks"
}

variables {
  name          = "sample-data-123456789012-eu-west-1"
  force_destroy = false
}

run "closes_and_encrypts_the_bucket" {
  module {
    source = "../../terraform/modules/bucket"
  }

  variables {
    force_destroy = true # Lets the test's own destroy through.
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.bucket.block_public_acls,
      aws_s3_bucket_public_access_block.bucket.block_public_policy,
      aws_s3_bucket_public_access_block.bucket.ignore_public_acls,
      aws_s3_bucket_public_access_block.bucket.restrict_public_buckets,
    ])
    error_message = "the public may get at the bucket"
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.bucket.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "an object may have an ACL of its own"
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.bucket.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "the bucket is not encrypted"
  }

  assert {
    condition     = one(jsondecode(aws_s3_bucket_policy.bucket.policy).Statement).Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "the bucket takes requests without TLS"
  }

  assert {
    condition     = one(jsondecode(aws_s3_bucket_policy.bucket.policy).Statement).Effect == "Deny"
    error_message = "the policy does not deny"
  }
}

run "keeps_what_is_in_it" {
  command = plan

  module {
    source = "../../terraform/modules/bucket"
  }

  assert {
    condition     = !aws_s3_bucket.bucket.force_destroy
    error_message = "a destroy would delete the events"
  }

  assert {
    condition     = aws_s3_bucket_versioning.bucket.versioning_configuration[0].status == "Enabled"
    error_message = "one bad delete is final"
  }
}

run "lets_one_distribution_read" {
  module {
    source = "../../terraform/modules/bucket"
  }

  variables {
    force_destroy = true
    readers       = { CloudFrontReads = { service = "cloudfront.amazonaws.com", source_arn = "arn:aws:cloudfront::123456789012:distribution/D" } }
  }

  assert {
    condition = {
      for statement in jsondecode(aws_s3_bucket_policy.bucket.policy).Statement : statement.Sid => try(statement.Condition.StringEquals["aws:SourceArn"], statement.Effect)
    } == { CloudFrontReads = "arn:aws:cloudfront::123456789012:distribution/D", TlsOnly = "Deny" }
    error_message = "any distribution may read the bucket"
  }
}
