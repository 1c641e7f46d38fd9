mock_provider "aws" {
  source = "./mocks"
}

variables {
  name     = "sample-sdk"
  account  = { id = "123456789012", partition = "aws", region = "eu-west-1" }
  bundle   = "queries.tftest.hcl"
  settings = { older_bundles = [], price_class = "PriceClass_100" }
}

run "serves_a_private_bucket_through_cloudfront_alone" {
  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = aws_cloudfront_origin_access_control.sdk.signing_behavior == "always" && one(aws_cloudfront_distribution.sdk.origin).domain_name == module.bucket.regional_domain_name
    error_message = "the distribution does not sign what it reads of the bucket"
  }
}

run "remembers_for_a_while_what_pages_were_given" {
  command = plan

  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.sdk.rule[0].noncurrent_version_expiration[0].noncurrent_days == 90
    error_message = "an overwritten bundle is gone, or is kept for ever"
  }

  assert {
    condition     = alltrue([for expiration in aws_s3_bucket_lifecycle_configuration.sdk.rule[0].expiration : coalesce(expiration.days, 0) == 0])
    error_message = "a bundle expires that pages name"
  }
}

run "keeps_a_versioned_file_long_and_the_stable_one_short" {
  command = plan

  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = alltrue([for object in aws_s3_object.versioned : object.cache_control == "public, max-age=31536000, immutable"]) && length(aws_s3_object.versioned) == 1
    error_message = "the versioned file may change"
  }

  assert {
    condition     = aws_s3_object.stable.key == "headwater.js" && aws_s3_object.stable.cache_control == "public, max-age=300"
    error_message = "a new SDK would not reach pages for long"
  }

  assert {
    condition     = output.integrity == "sha256-${filebase64sha256("queries.tftest.hcl")}"
    error_message = "integrity is ${output.integrity}"
  }
}

run "goes_on_serving_older_bundles" {
  command = plan

  variables {
    settings = { older_bundles = ["stream.tftest.hcl"], price_class = "PriceClass_100" }
  }

  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = length(aws_s3_object.versioned) == 2 && contains(keys(aws_s3_object.versioned), "headwater.${substr(filesha256("stream.tftest.hcl"), 0, 12)}.js")
    error_message = "an upgrade takes a bundle away from pages that name it"
  }
}

run "refuses_a_partition_without_cloudfront" {
  command = plan

  variables {
    account = { id = "123456789012", partition = "aws-us-gov", region = "us-gov-west-1" }
  }

  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  expect_failures = [aws_cloudfront_distribution.sdk]
}
