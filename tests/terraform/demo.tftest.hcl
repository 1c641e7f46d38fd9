mock_provider "aws" {
  source = "./mocks"
}

variables {
  site      = "../../local/src/headwater_local/website/demo"
  hosting   = { bucket_name = "sample-sdk", address = "https://mocked.cloudfront.net", url = "https://mocked.cloudfront.net/headwater.js" }
  api_url   = "https://mocked.execute-api.eu-west-1.amazonaws.com"
  write_key = "demo"
  queries   = { workgroup = "sample" }
  lake      = { bucket = { name = "sample-data" }, prefixes = { demo = "demo" }, database_name = "sample_db" }
}

run "serves_the_shop_as_a_folder" {
  command = plan

  module {
    source = "../../terraform/modules/demo"
  }

  assert {
    condition     = output.url == "https://mocked.cloudfront.net/demo/" && aws_s3_object.file[""].key == "demo/" && aws_s3_object.file[""].content_type == "text/html; charset=utf-8"
    error_message = "${output.url} is not a page"
  }

  assert {
    condition     = toset([for object in concat(values(aws_s3_object.file), values(aws_s3_object.written)) : object.key]) == toset(["demo/", "demo/basket.html", "demo/config.js", "demo/demo.js", "demo/drop.svg", "demo/instructions.html", "demo/style.css"])
    error_message = "a file is missing, or one for a laptop is there"
  }

  assert {
    condition     = alltrue([for object in concat(values(aws_s3_object.file), values(aws_s3_object.written)) : object.cache_control == "public, max-age=300"])
    error_message = "what an apply changes is not seen for long"
  }
}

run "tells_the_shop_where_its_events_go" {
  command = plan

  module {
    source = "../../terraform/modules/demo"
  }

  assert {
    condition     = jsondecode(trimsuffix(trimprefix(aws_s3_object.written["config.js"].content, "window.HEADWATER = "), ";\n")) == { apiUrl = "https://mocked.execute-api.eu-west-1.amazonaws.com", sdkUrl = "https://mocked.cloudfront.net/headwater.js", writeKey = "demo", instructions = "instructions.html" }
    error_message = "config.js is ${aws_s3_object.written["config.js"].content}"
  }
}

run "says_how_to_ask_where_there_are_no_reports" {
  command = plan

  module {
    source = "../../terraform/modules/demo"
  }

  assert {
    condition     = strcontains(aws_s3_object.written["instructions.html"].content, "--athena sample --database sample_db") && !strcontains(aws_s3_object.written["instructions.html"].content, "the reports</a>")
    error_message = "the instructions are ${aws_s3_object.written["instructions.html"].content}"
  }

  assert {
    condition     = output.backfill_from == "s3://sample-data/demo/"
    error_message = "visitors go to ${output.backfill_from}"
  }
}

run "links_to_the_reports_where_there_are_some" {
  command = plan

  variables {
    reports_url = "https://mocked.execute-api.eu-west-1.amazonaws.com/reports/"
  }

  module {
    source = "../../terraform/modules/demo"
  }

  assert {
    condition     = strcontains(aws_s3_object.written["instructions.html"].content, "href=\"https://mocked.execute-api.eu-west-1.amazonaws.com/reports/?app=demo\"")
    error_message = "the instructions are ${aws_s3_object.written["instructions.html"].content}"
  }
}
