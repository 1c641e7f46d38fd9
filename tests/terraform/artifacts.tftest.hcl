mock_provider "aws" {
  source = "./mocks"
}

variables {
  source_root     = "../.."
  architecture    = "arm64"
  repository_name = "sample-writer"
  account_id      = "123456789012"
  prebuilt        = {}
}

run "names_what_it_builds_after_its_sources" {
  command = plan

  module {
    source = "../../terraform/modules/artifacts"
  }

  variables {
    prebuilt = { writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0" }
  }

  assert {
    condition     = can(regex("/build/api-arm64-[0-9a-f]{16}\\.zip$", output.api_zip.file))
    error_message = "api_zip is ${output.api_zip.file}"
  }

  assert {
    condition     = length(terraform_data.api_zip) == 1 && endswith(output.browser_sdk, "browser-sdk/dist/headwater.js")
    error_message = "the collector is not built"
  }
}

run "builds_nothing_that_is_ready" {
  variables {
    prebuilt = {
      api_zip          = "ready.zip"
      writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
      browser_sdk      = "ready.js"
    }
  }

  module {
    source = "../../terraform/modules/artifacts"
  }

  assert {
    condition = (
      length(terraform_data.api_zip) == 0
      && length(terraform_data.container_engine) == 0
      && length(terraform_data.writer_image) == 0
      && length(aws_ecr_repository.writer) == 0
    )
    error_message = "something is built that is ready"
  }

  assert {
    condition     = output.api_zip.file == "ready.zip" && output.browser_sdk == "ready.js" && endswith(output.writer_image.uri, "/headwater-writer:1.0.0")
    error_message = "what is ready is not used"
  }
}

run "says_what_is_missing_without_the_sources" {
  command = plan

  variables {
    source_root = "mocks"
  }

  module {
    source = "../../terraform/modules/artifacts"
  }

  expect_failures = [terraform_data.container_engine, terraform_data.api_zip]
}
