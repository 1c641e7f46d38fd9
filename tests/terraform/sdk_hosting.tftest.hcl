mock_provider "aws" {
  source = "./mocks"
}

variables {
  name     = "sample-sdk"
  account  = { id = "123456789012", partition = "aws", region = "eu-west-1" }
  bundle   = "queries.tftest.hcl"
  extras   = { web-vitals = "lake.tftest.hcl", errors = "alerts.tftest.hcl" }
  settings = { older_bundles = [], price_class = "PriceClass_100", file_name = "headwater" }
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
    condition     = alltrue([for object in aws_s3_object.versioned : object.cache_control == "public, max-age=31536000, immutable"]) && length(aws_s3_object.versioned) == 3
    error_message = "the versioned file may change"
  }

  assert {
    condition     = aws_s3_object.stable["sdk"].key == "headwater.js" && alltrue([for object in aws_s3_object.stable : object.cache_control == "public, max-age=300"])
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
    settings = merge(var.settings, { older_bundles = ["stream.tftest.hcl"] })
  }

  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = length(aws_s3_object.versioned) == 4 && contains(keys(aws_s3_object.versioned), "headwater.${substr(filesha256("stream.tftest.hcl"), 0, 12)}.js")
    error_message = "an upgrade takes a bundle away from pages that name it"
  }
}

run "serves_the_extra_scripts_with_their_digests" {
  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = output.extras.errors.integrity == "sha256-${filebase64sha256("alerts.tftest.hcl")}" && contains(keys(aws_s3_object.versioned), trimprefix(output.extras.errors.url, "https://mocked.cloudfront.net/"))
    error_message = "extras are ${jsonencode(output.extras)}"
  }

  assert {
    condition     = startswith(output.extras.web-vitals.url, "https://mocked.cloudfront.net/headwater-web-vitals.") && aws_s3_object.stable["web-vitals"].key == "headwater-web-vitals.js"
    error_message = "extras are ${jsonencode(output.extras)}"
  }
}

run "is_at_the_distributions_own_domain_without_another" {
  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = length(coalesce(aws_cloudfront_distribution.sdk.aliases, [])) == 0 && aws_cloudfront_distribution.sdk.viewer_certificate[0].cloudfront_default_certificate
    error_message = "it answers elsewhere too"
  }

  assert {
    condition     = length(aws_cloudfront_function.viewer) == 0 && length(aws_cloudfront_distribution.sdk.ordered_cache_behavior) == 0 && output.api_url == null
    error_message = "the API is behind it, which nobody asked for"
  }
}

run "is_first_party_with_a_domain_and_the_api" {
  variables {
    settings = {
      older_bundles = []
      price_class   = "PriceClass_100"
      file_name     = "assets/shop"
      domain = {
        name            = "shop.example.com"
        certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/c"
        hosted_zone_id  = "Z123"
      }
    }
    api = { host = "mocked.execute-api.eu-west-1.amazonaws.com", path_prefix = "/e", secret = "s" }
  }

  module {
    source = "../../terraform/modules/sdk_hosting"
  }

  assert {
    condition     = output.url == "https://shop.example.com/assets/shop.js" && output.api_url == "https://shop.example.com/e"
    error_message = "url is ${output.url}, api_url ${output.api_url}"
  }

  assert {
    condition     = toset(aws_cloudfront_distribution.sdk.aliases) == toset(["shop.example.com"]) && aws_cloudfront_distribution.sdk.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "it does not answer at the domain, or to old protocols"
  }

  assert {
    condition     = toset(keys(aws_route53_record.sdk)) == toset(["A", "AAAA"])
    error_message = "the domain has no records"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.sdk.ordered_cache_behavior).path_pattern == "/e/*" && contains(one(aws_cloudfront_distribution.sdk.ordered_cache_behavior).allowed_methods, "POST")
    error_message = "events do not reach the API"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.sdk.ordered_cache_behavior).cache_policy_id == data.aws_cloudfront_cache_policy.none[0].id && data.aws_cloudfront_cache_policy.none[0].name == "Managed-CachingDisabled"
    error_message = "answers of the API are cached"
  }

  assert {
    condition     = one([for origin in aws_cloudfront_distribution.sdk.origin : one(origin.custom_header).value if origin.origin_id == "api"]) == "s" && one(one(aws_cloudfront_distribution.sdk.ordered_cache_behavior).function_association).event_type == "viewer-request"
    error_message = "the collector cannot know the visitor"
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
