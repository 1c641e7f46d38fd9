# Every optional part on in one of the two, so that Python's tests (made.py) find every policy and
# every function in what this makes.

mock_provider "aws" {
  source = "./mocks"
}

variables {
  name          = "sample"
  force_destroy = true
  writer        = { tracking_plan = "plans/good.yaml" }
  prebuilt = {
    api_zip          = "policies.tftest.hcl"
    writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
    browser_sdk      = "policies.tftest.hcl"
  }
}

run "has_every_part_behind_an_api" {
  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.dashboard_name != null
    error_message = "the stack is not there"
  }
}

run "has_every_part_behind_a_function_url" {
  variables {
    collector = { entry = "function_url" }
    stream    = { mode = "on_demand" }
    lake      = { glue_optimizers = true }
    writer    = { tracking_plan = "plans/good.yaml", maintenance_schedule = "never" }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.dashboard_name != null
    error_message = "the stack is not there"
  }
}
