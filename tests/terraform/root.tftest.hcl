mock_provider "aws" {
  source = "./mocks"
}

variables {
  name = "sample"
  # A file that is there; what is in it matters to nobody here.
  prebuilt = {
    api_zip          = "root.tftest.hcl"
    sinks_zip        = "root.tftest.hcl"
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
    condition     = var.collector.reserved_concurrency == 50
    error_message = "strangers may take ${var.collector.reserved_concurrency} functions at a time"
  }

  assert {
    condition     = output.browser_sdk_url == "https://mocked.cloudfront.net/headwater.js"
    error_message = "browser_sdk_url is ${output.browser_sdk_url}"
  }

  assert {
    condition     = output.script_tag == "<script async src=\"${output.browser_sdk_pinned.url}\" integrity=\"${output.browser_sdk_pinned.integrity}\" crossorigin=\"anonymous\" data-api-url=\"https://mocked.execute-api.eu-west-1.amazonaws.com\"></script>"
    error_message = "script_tag is ${output.script_tag}"
  }

  assert {
    condition     = startswith(output.browser_sdk_pinned.integrity, "sha256-") && can(regex("/headwater\\.[0-9a-f]{12}\\.js$", output.browser_sdk_pinned.url))
    error_message = "browser_sdk_pinned is ${jsonencode(output.browser_sdk_pinned)}"
  }

  assert {
    condition     = toset(keys(output.browser_sdk_extras)) == toset(["web-vitals", "errors"]) && output.first_party_url == null
    error_message = "browser_sdk_extras is ${jsonencode(output.browser_sdk_extras)}, first_party_url ${jsonencode(output.first_party_url)}"
  }

  assert {
    condition     = length(module.archive) == 0 && output.archive_uri == null && length(module.history) == 0 && length(module.counts) == 0
    error_message = "a copy of the events is kept that nobody asked for"
  }

  assert {
    condition     = length(module.demo) == 0 && output.demo_url == null && output.demo_backfill == null && length(local.backfill_from) == 0
    error_message = "there is a demo that nobody asked for"
  }

  assert {
    condition     = length(module.reports) == 0 && output.reports_url == null
    error_message = "there are reports that nobody asked for"
  }

  assert {
    condition     = length(module.cluster) == 0 && output.cluster == null && module.writer.is_enabled
    error_message = "there is a cluster that nobody asked for"
  }

  assert {
    condition     = length(module.committer) == 0 && !contains(keys(output.functions), "committer") && output.committer == null
    error_message = "there is a committer that nobody asked for"
  }

  assert {
    condition     = output.glue_database_name == "sample" && output.athena_workgroup == "sample" && output.kinesis_stream_name == "sample-events"
    error_message = "names do not follow from the stack's"
  }
}

run "has_a_committer_if_it_is_asked_for" {
  variables {
    staged = { enabled = true }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = length(module.committer) == 1 && output.functions.committer.name == "sample-committer" && output.committer.queue_name == "sample-committer-offers"
    error_message = "nobody takes what writers offer"
  }
}

run "lets_the_writer_rest_while_the_cluster_writes" {
  command = plan

  variables {
    cluster = { enabled = true, subnet_ids = ["subnet-0123456789abcdef0"] }
    prebuilt = {
      api_zip          = "root.tftest.hcl"
      cluster_zip      = "root.tftest.hcl"
      cluster_jars     = ["root.tftest.hcl"]
      writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
    }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = !module.writer.is_enabled && output.cluster.writes && terraform_data.destroy_guard.input.cluster_writes
    error_message = "both write, or the cluster could be destroyed with a run on it"
  }
}

run "lets_the_writer_write_beside_a_cluster_that_rests" {
  command = plan

  variables {
    cluster = { enabled = true, writes = false, subnet_ids = ["subnet-0123456789abcdef0"] }
    prebuilt = {
      api_zip          = "root.tftest.hcl"
      cluster_zip      = "root.tftest.hcl"
      cluster_jars     = ["root.tftest.hcl"]
      writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
    }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = module.writer.is_enabled && !output.cluster.writes && !terraform_data.destroy_guard.input.cluster_writes
    error_message = "nobody writes"
  }
}

run "derives_every_name_within_its_services_limits" {
  command = plan

  variables {
    name    = "as-long-a-name-as-there-may-be"
    archive = { enabled = true }
    prebuilt = {
      api_zip          = "root.tftest.hcl"
      sinks_zip        = "root.tftest.hcl"
      writer_image_uri = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/headwater-writer:1.0.0"
    }
  }

  module {
    source = "../../terraform"
  }

  override_data {
    target = data.aws_region.current
    values = { id = "ap-northeast-1" }
  }

  assert {
    condition     = length(output.data_bucket_name) == 63 && length(split("/", output.archive_uri)[2]) <= 63
    error_message = "the bucket's name has ${length(output.data_bucket_name)} characters; S3 takes 63"
  }

  assert {
    condition     = output.glue_database_name == "as_long_a_name_as_there_may_be"
    error_message = "the database is ${output.glue_database_name}, which SQL would have to quote"
  }
}

run "takes_the_names_that_it_is_given" {
  command = plan

  variables {
    archive = { enabled = true }
    names = {
      data_bucket    = "acme-prod-analytics"
      archive_bucket = "acme-prod-analytics-raw"
      database       = "prod_analytics"
      stream         = "prod-analytics"
      topic          = "prod-analytics-alerts"
      workgroup      = "prod-analysts"
    }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = module.lake.bucket.name == "acme-prod-analytics" && module.lake.database_name == "prod_analytics" && module.stream.name == "prod-analytics"
    error_message = "they are ${module.lake.bucket.name}, ${module.lake.database_name} and ${module.stream.name}"
  }

  assert {
    condition     = module.archive[0].source.uri == "s3://acme-prod-analytics-raw/archive/" && module.queries.workgroup == "prod-analysts"
    error_message = "they are ${module.archive[0].source.uri} and ${module.queries.workgroup}"
  }

  assert {
    condition     = terraform_data.destroy_guard.triggers_replace == ["sample", "acme-prod-analytics", "prod_analytics", "prod-analytics", "acme-prod-analytics-raw"]
    error_message = "another name would destroy what was collected"
  }
}

run "guards_by_its_name_alone_as_it_always_did" {
  command = plan

  module {
    source = "../../terraform"
  }

  assert {
    condition     = terraform_data.destroy_guard.triggers_replace == ["sample"]
    error_message = "an upgrade would be refused as a destroy"
  }
}

run "puts_the_first_write_key_into_the_tag" {
  variables {
    collector = { write_keys = { "a\"&key" = "website" } }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = endswith(output.script_tag, " data-write-key=\"a&quot;&amp;key\"></script>")
    error_message = "script_tag is ${output.script_tag}"
  }
}

run "puts_up_the_demo_beside_the_sdk" {
  variables {
    demo = { enabled = true }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.demo_url == "https://mocked.cloudfront.net/demo/"
    error_message = "demo_url is ${output.demo_url}"
  }

  assert {
    condition     = output.demo_backfill == { source = "s3://${output.data_bucket_name}/demo/", function = "sample-replay" }
    error_message = "demo_backfill is ${jsonencode(output.demo_backfill)}"
  }

  assert {
    condition     = jsonencode(local.backfill_from) == jsonencode([{ bucket_arn = output.data_bucket_arn, prefix = "demo/", is_lake = true }]) && length(local.write_keys) == 0
    error_message = "the function may read ${jsonencode(local.backfill_from)}, or keys are asked for that were not"
  }
}

run "lets_the_demo_in_where_keys_are_asked_for" {
  variables {
    demo      = { enabled = true }
    collector = { write_keys = { key = "website" } }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = jsonencode(local.write_keys) == jsonencode({ key = "website", demo = "demo" })
    error_message = "the keys are ${jsonencode(local.write_keys)}"
  }

  assert {
    condition     = endswith(output.script_tag, " data-write-key=\"key\"></script>")
    error_message = "script_tag is ${output.script_tag}"
  }
}

run "needs_no_cdn_no_alarms_and_no_api" {
  variables {
    collector   = { entry = "function_url" }
    sdk_hosting = { enabled = false }
    monitoring  = { alarms = false, dashboard = false }
    maintenance = { schedule = "never" }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.browser_sdk_url == null && output.browser_sdk_pinned == null && output.browser_sdk_extras == null && output.script_tag == null && output.dashboard_name == null
    error_message = "outputs of parts that are not there"
  }

  assert {
    condition     = length(module.maintenance) == 0
    error_message = "the tables are maintained all the same"
  }

  assert {
    condition     = output.api_instance_url == "https://mocked.lambda-url.eu-west-1.on.aws"
    error_message = "api_instance_url is ${output.api_instance_url}"
  }
}

run "maintains_when_it_is_told_to" {
  command = plan

  variables {
    stream      = { mode = "on_demand" }
    maintenance = { schedule = "cron(17 3 * * ? *)" }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = local.maintenance_schedule == "cron(17 3 * * ? *)"
    error_message = "maintenance starts ${local.maintenance_schedule}"
  }
}

run "works_in_another_partition" {
  command = plan

  variables {
    sdk_hosting = { enabled = false }
    lake        = { glue_optimizers = true }
    maintenance = { schedule = "never" }
    prebuilt = {
      api_zip          = "root.tftest.hcl"
      sinks_zip        = "root.tftest.hcl"
      writer_image_uri = "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/headwater-writer:1.0.0"
    }
  }

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-us-gov" }
  }

  override_data {
    target = data.aws_region.current
    values = { id = "us-gov-west-1" }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = alltrue([for arn in module.lake.glue_arns : startswith(arn, "arn:aws-us-gov:glue:us-gov-west-1:123456789012:")])
    error_message = "the ARNs are ${jsonencode(module.lake.glue_arns)}"
  }
}

# bad_input.tftest.hcl has the others; this one asks AWS for the region.
run "refuses_an_image_of_another_region" {
  command = plan

  variables {
    prebuilt = { writer_image_uri = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/headwater-writer:1.0.0" }
  }

  module {
    source = "../../terraform"
  }

  expect_failures = [var.prebuilt]
}
