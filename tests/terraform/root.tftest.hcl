mock_provider "aws" {
  source = "./mocks"
}

variables {
  name = "sample"
  # A file that is there; what is in it matters to nobody here.
  prebuilt = {
    api_zip          = "root.tftest.hcl"
    writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
  }
  # Lets the tests' own destroy through.
  force_destroy = true
}

run "needs_nothing_but_a_name" {
  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.api_instance_url == "https://mocked.execute-api.eu-west-1.amazonaws.com"
    error_message = "api_instance_url is ${output.api_instance_url}"
  }

  assert {
    condition     = output.browser_sdk_url == "https://mocked.cloudfront.net/headwater.js"
    error_message = "browser_sdk_url is ${output.browser_sdk_url}"
  }

  assert {
    condition     = output.script_tag == "<script async src=\"https://mocked.cloudfront.net/headwater.js\" data-api-url=\"https://mocked.execute-api.eu-west-1.amazonaws.com\"></script>"
    error_message = "script_tag is ${output.script_tag}"
  }

  assert {
    condition     = startswith(output.browser_sdk_pinned.integrity, "sha256-") && can(regex("/headwater\\.[0-9a-f]{12}\\.js$", output.browser_sdk_pinned.url))
    error_message = "browser_sdk_pinned is ${jsonencode(output.browser_sdk_pinned)}"
  }

  assert {
    condition     = output.glue_database_name == "sample" && output.athena_workgroup == "sample" && output.kinesis_stream_name == "sample-events"
    error_message = "names do not follow from the stack's"
  }
}
