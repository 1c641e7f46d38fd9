# Whole stacks, for Python's tests to look through (made.py). Every optional part is on in one of those
# that are made, so that each policy and each function is found there.

mock_provider "aws" {
  source = "./mocks"
}

# By the names that the stacks give: the functions run in a stack of theirs (test_iam.py).
override_resource {
  target = module.lake.module.bucket.aws_s3_bucket.bucket
  values = { arn = "arn:aws:s3:::sample-data-123456789012-eu-west-1" }
}

override_resource {
  target = module.stream.aws_kinesis_stream.events
  values = { arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events" }
}

override_resource {
  target = module.alerts.aws_sns_topic.failures
  values = { arn = "arn:aws:sns:eu-west-1:123456789012:sample-failures" }
}

variables {
  name          = "sample"
  force_destroy = true
  prebuilt = {
    api_zip          = "stacks.tftest.hcl"
    sinks_zip        = "stacks.tftest.hcl"
    reports_zip      = "stacks.tftest.hcl"
    cluster_zip      = "stacks.tftest.hcl"
    cluster_jars     = ["stacks.tftest.hcl"]
    writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0"
    browser_sdk      = "stacks.tftest.hcl"
    poller_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-poller:1.0.0"
  }
}

run "as_it_is_without_settings" {
  command = plan

  variables {
    force_destroy = false
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.glue_database_name == "sample"
    error_message = "the stack is not there"
  }
}

run "behind_an_api" {
  variables {
    collector = {
      allowed_origins  = ["https://example.com", "https://shop.example.com"]
      write_keys       = { key = "website" }
      import_keys      = { history = "website" }
      path_prefix      = "/first-party"
      capture_headers  = { "*" = ["dnt"] }
      trust_cloudfront = true
      gpc_policy       = "keep"
    }
    stream  = { shards = 3, retention_hours = 168 }
    writer  = { tracking_plan = "plans/good.yaml", ip_policy = "truncated", enhanced_fan_out = true }
    archive = { enabled = true }
    history = { enabled = true, read_keys_sha256 = ["2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"] }
    counts  = { enabled = true }
    canary  = { enabled = true }
    staged  = { enabled = true }
    # Nothing can destroy one that writes.
    cluster = { enabled = true, writes = false, subnet_ids = ["subnet-0123456789abcdef0"] }
    observability = {
      enabled             = true
      password_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-AbCdEf"
      subnet_ids          = ["subnet-0123456789abcdef0"]
    }
    reports = {
      enabled = true
      login = {
        issuer        = "https://login.example.com"
        client_id     = "reports"
        authorize_url = "https://login.example.com/authorize"
        token_url     = "https://login.example.com/token"
      }
    }
    kms_key_arn   = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    demo          = { enabled = true }
    backfill_from = ["s3://exports/2025/"]
    monitoring    = { alert_email = "ada@example.com", monthly_budget_usd = 100 }
    sdk_hosting = {
      with_api = true
      domain   = { name = "shop.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/c" }
    }
    poller = {
      configs    = { weblogs = "plans/weblogs.yaml" }
      schedule   = "rate(15 minutes)"
      subnet_ids = ["subnet-0123456789abcdef0"]
      secrets    = { WEBLOGS_TOKEN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:weblogs-AbCdEf" }
    }
  }

  override_resource {
    target = module.queries.aws_athena_workgroup.queries
    values = { arn = "arn:aws:athena:eu-west-1:123456789012:workgroup/sample" }
  }

  override_resource {
    target = module.archive[0].module.bucket.aws_s3_bucket.bucket
    values = { arn = "arn:aws:s3:::sample-raw-123456789012-eu-west-1" }
  }

  override_resource {
    target = module.history[0].aws_dynamodb_table.history
    values = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/sample-history" }
  }

  override_resource {
    target = module.history[0].module.writer.module.failed.aws_s3_bucket.bucket
    values = { arn = "arn:aws:s3:::sample-history-123456789012-eu-west-1" }
  }

  override_resource {
    target = module.counts[0].module.writer.module.failed.aws_s3_bucket.bucket
    values = { arn = "arn:aws:s3:::sample-counts-123456789012-eu-west-1" }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.dashboard_name != null
    error_message = "the stack is not there"
  }
}

run "behind_a_function_url" {
  variables {
    collector   = { entry = "function_url" }
    stream      = { mode = "on_demand" }
    poller      = { configs = { weblogs = "plans/weblogs.yaml" } }
    lake        = { glue_optimizers = true }
    writer      = { tracking_plan = "plans/good.yaml", snap_start = true }
    maintenance = { schedule = "never" }
    monitoring  = { tracing = true }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.dashboard_name != null
    error_message = "the stack is not there"
  }
}

run "in_a_small_account" {
  variables {
    roles     = { path = "/analytics/", permissions_boundary = "arn:aws:iam::123456789012:policy/bound" }
    collector = { reserved_concurrency = -1 }
    stream    = { shards = 2 }
    writer    = { reserve_concurrency = false }
  }

  module {
    source = "../../terraform"
  }

  assert {
    condition     = output.dashboard_name != null
    error_message = "the stack is not there"
  }
}
