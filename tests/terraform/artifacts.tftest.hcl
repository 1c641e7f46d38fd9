mock_provider "aws" {
  source = "./mocks"
}

variables {
  source_root  = "../.."
  architecture = "arm64"
  name         = "sample"
  has_poller   = false
  account_id   = "123456789012"
  prebuilt     = {}
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
      && length(terraform_data.image) == 0
      && length(aws_ecr_repository.image) == 0
    )
    error_message = "something is built that is ready"
  }

  assert {
    condition     = output.api_zip.file == "ready.zip" && output.browser_sdk == "ready.js" && endswith(output.writer_image.uri, "/headwater-writer:1.0.0")
    error_message = "what is ready is not used"
  }
}

run "has_no_poller_to_build_an_image_for" {
  command = plan

  module {
    source = "../../terraform/modules/artifacts"
  }

  assert {
    condition     = keys(aws_ecr_repository.image) == ["writer"] && output.poller_image.uri == null
    error_message = "an image is built that nobody runs"
  }
}

run "builds_the_poller_beside_the_writer" {
  command = plan

  variables {
    has_poller = true
  }

  module {
    source = "../../terraform/modules/artifacts"
  }

  assert {
    condition     = aws_ecr_repository.image["poller"].name == "sample-poller" && aws_ecr_repository.image["writer"].name == "sample-writer"
    error_message = "the repositories are ${jsonencode(keys(aws_ecr_repository.image))}"
  }
}

run "takes_a_ready_poller" {
  command = plan

  variables {
    has_poller = true
    prebuilt   = { poller_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-poller:1.0.0" }
  }

  module {
    source = "../../terraform/modules/artifacts"
  }

  assert {
    condition     = keys(aws_ecr_repository.image) == ["writer"] && endswith(output.poller_image.uri, "/headwater-poller:1.0.0")
    error_message = "the ready image is not used"
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
