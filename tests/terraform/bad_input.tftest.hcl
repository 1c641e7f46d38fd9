# Bad input is refused at plan time, with a sentence that names the variable.

variables {
  name = "sample"
}

run "refuses_capitals_in_the_name" {
  command = plan

  variables {
    name = "Sample"
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.name]
}

run "refuses_a_name_that_makes_a_bucket_too_long" {
  command = plan

  variables {
    name = "a-name-of-thirty-one-characters"
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.name]
}

run "refuses_a_name_that_s3_keeps_for_itself" {
  command = plan

  variables {
    name = "sthree-sample"
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.name]
}

run "refuses_an_unknown_architecture" {
  command = plan

  variables {
    architecture = "riscv"
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.architecture]
}

run "refuses_an_unknown_entry" {
  command = plan

  variables {
    collector = { entry = "alb" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_an_unknown_gpc_policy" {
  command = plan

  variables {
    collector = { gpc_policy = "obey" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_memory_outside_of_lambdas_range" {
  command = plan

  variables {
    collector = { memory_mb = 127 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_a_collector_that_answers_nobody" {
  command = plan

  variables {
    collector = { reserved_concurrency = 0 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_half_a_request_at_a_time" {
  command = plan

  variables {
    collector = { reserved_concurrency = 1.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_another_negative_concurrency" {
  command = plan

  variables {
    collector = { reserved_concurrency = -2 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_a_function_url_without_a_ceiling" {
  command = plan

  variables {
    collector = { entry = "function_url", reserved_concurrency = -1 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_a_throttle_that_lets_nothing_through" {
  command = plan

  variables {
    collector = { throttle = { requests_per_second = 0 } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_a_domain_on_a_function_url" {
  command = plan

  variables {
    collector = { entry = "function_url", domain = { name = "events.example.com", certificate_arn = "arn" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_an_origin_with_a_path" {
  command = plan

  variables {
    collector = { allowed_origins = ["https://example.com/"] }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_a_write_key_without_an_app" {
  command = plan

  variables {
    collector = { write_keys = { key = "" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_a_path_prefix_that_ends_with_a_slash" {
  command = plan

  variables {
    collector = { path_prefix = "/first-party/" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_an_unknown_stream_mode" {
  command = plan

  variables {
    stream = { mode = "serverless" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.stream]
}

run "refuses_zero_shards" {
  command = plan

  variables {
    stream = { shards = 0 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.stream]
}

run "refuses_a_retention_under_a_day" {
  command = plan

  variables {
    stream = { retention_hours = 12 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.stream]
}

run "refuses_a_writer_too_small_for_spark" {
  command = plan

  variables {
    writer = { memory_mb = 1024 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_a_writer_larger_than_lambda_has" {
  command = plan

  variables {
    writer = { memory_mb = 10241 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_a_timeout_over_lambdas" {
  command = plan

  variables {
    writer = { timeout_seconds = 901 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_a_window_over_300_seconds" {
  command = plan

  variables {
    writer = { window_seconds = 301 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_a_batch_over_10000_records" {
  command = plan

  variables {
    writer = { batch_size = 10001 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_snap_start_with_more_storage_than_it_takes" {
  command = plan

  variables {
    writer = { snap_start = true, ephemeral_storage_mb = 1024 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_an_unknown_ip_policy" {
  command = plan

  variables {
    writer = { ip_policy = "hashed" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_an_age_of_no_days" {
  command = plan

  variables {
    writer = { max_event_age_days = 0 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_negative_retries" {
  command = plan

  variables {
    writer = { max_retries = -1 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_to_forget_old_versions_at_once" {
  command = plan

  variables {
    lake = { noncurrent_days = 0 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.lake]
}

run "refuses_to_forget_failures_at_once" {
  command = plan

  variables {
    lake = { failed_days = 0 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.lake]
}

run "refuses_half_a_day_of_failures" {
  command = plan

  variables {
    lake = { failed_days = 1.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.lake]
}

run "refuses_a_scan_limit_of_nothing" {
  command = plan

  variables {
    queries = { scan_limit_gb = 0 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.queries]
}

run "refuses_an_unknown_price_class" {
  command = plan

  variables {
    sdk_hosting = { price_class = "PriceClass_1" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.sdk_hosting]
}

run "refuses_an_older_bundle_that_is_not_there" {
  command = plan

  variables {
    sdk_hosting = { older_bundles = ["missing.js"] }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.sdk_hosting]
}

run "refuses_a_file_name_with_its_ending" {
  command = plan

  variables {
    sdk_hosting = { file_name = "shop.js" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.sdk_hosting]
}

run "refuses_a_certificate_of_another_region" {
  command = plan

  variables {
    sdk_hosting = { domain = { name = "shop.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.sdk_hosting]
}

run "refuses_the_api_behind_the_sdk_without_a_path" {
  command = plan

  variables {
    sdk_hosting = { with_api = true }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.sdk_hosting]
}

run "refuses_files_below_the_path_of_the_api" {
  command = plan

  variables {
    collector   = { path_prefix = "/e" }
    sdk_hosting = { with_api = true, file_name = "e/shop" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.sdk_hosting]
}

run "refuses_a_demo_that_nothing_serves" {
  command = plan

  variables {
    demo        = { enabled = true }
    sdk_hosting = { enabled = false }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.demo]
}

run "refuses_a_demo_whose_key_is_of_another_app" {
  command = plan

  variables {
    demo      = { enabled = true }
    collector = { write_keys = { demo = "website" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.demo]
}

run "refuses_a_demo_whose_events_browsers_keep_back" {
  command = plan

  variables {
    demo      = { enabled = true }
    collector = { allowed_origins = ["https://example.com"] }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.demo]
}

run "refuses_a_demo_below_the_path_of_the_api" {
  command = plan

  variables {
    demo        = { enabled = true }
    collector   = { path_prefix = "/demo" }
    sdk_hosting = { with_api = true }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.demo]
}

run "refuses_bundles_among_the_files_of_the_demo" {
  command = plan

  variables {
    demo        = { enabled = true }
    sdk_hosting = { file_name = "demo/config" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.demo]
}

run "refuses_what_is_no_mail_address" {
  command = plan

  variables {
    monitoring = { alert_email = "ada" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.monitoring]
}

run "refuses_a_log_retention_that_cloudwatch_has_not" {
  command = plan

  variables {
    monitoring = { log_retention_days = 31 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.monitoring]
}

run "refuses_to_call_a_batch_late_that_still_fills" {
  command = plan

  variables {
    monitoring = { freshness_minutes = 5 }
    writer     = { window_seconds = 300 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.monitoring]
}

run "refuses_a_zip_that_is_not_there" {
  command = plan

  variables {
    prebuilt = { api_zip = "missing.zip" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_an_image_without_a_tag" {
  command = plan

  variables {
    prebuilt = { writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_an_image_outside_of_ecr" {
  command = plan

  variables {
    prebuilt = { writer_image_uri = "docker.io/headwater/writer:1.0.0" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_an_empty_image" {
  command = plan

  variables {
    prebuilt = { writer_image_uri = "" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_a_tag_that_moves" {
  command = plan

  variables {
    prebuilt = { writer_image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:latest" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_a_bundle_that_is_not_there" {
  command = plan

  variables {
    prebuilt = { browser_sdk = "missing.js" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_a_schedule_that_is_none" {
  command = plan

  variables {
    maintenance = { schedule = "hourly" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.maintenance]
}

run "refuses_a_budget_that_nobody_is_told_of" {
  command = plan

  variables {
    monitoring = { monthly_budget_usd = 100 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.monitoring]
}

run "refuses_names_that_a_service_does_not_take" {
  command = plan

  variables {
    names = { data_bucket = "Acme.Analytics", database = "prod-analytics", stream = "prod analytics" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.names]
}

run "refuses_an_alias_in_place_of_a_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/analytics"
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_a_key_of_another_region" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_a_role_path_that_does_not_end" {
  command = plan

  variables {
    roles = { path = "/analytics" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.roles]
}

run "refuses_more_room_for_maintenance_than_lambda_has" {
  command = plan

  variables {
    maintenance = { ephemeral_storage_mb = 20480 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.maintenance]
}

run "refuses_a_tracking_plan_that_is_not_there" {
  command = plan

  variables {
    writer = { tracking_plan = "plans/none.yaml" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_a_tracking_plan_that_is_not_yaml" {
  command = plan

  variables {
    writer = { tracking_plan = "plans/not_yaml.txt" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_half_a_second_of_a_window" {
  command = plan

  variables {
    writer = { window_seconds = 0.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_half_a_second_of_a_timeout" {
  command = plan

  variables {
    writer = { timeout_seconds = 90.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_half_a_record_of_a_batch" {
  command = plan

  variables {
    writer = { batch_size = 1.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_half_a_megabyte_of_storage" {
  command = plan

  variables {
    writer = { ephemeral_storage_mb = 512.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_half_a_retry" {
  command = plan

  variables {
    writer = { max_retries = 1.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.writer]
}

run "refuses_two_that_compact_the_same_tables" {
  command = plan

  variables {
    lake = { glue_optimizers = true }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.lake]
}

run "refuses_more_keys_than_an_environment_holds" {
  command = plan

  variables {
    collector = { write_keys = { for number in range(100) : "a-key-of-twenty-bytes-${number}" => "website-${number}" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.collector]
}

run "refuses_to_call_a_batch_late_that_is_being_written" {
  command = plan

  variables {
    monitoring = { freshness_minutes = 5 }
    writer     = { timeout_seconds = 300, window_seconds = 1 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.monitoring]
}

run "refuses_an_alarm_that_looks_back_for_more_than_a_day" {
  command = plan

  variables {
    monitoring = { freshness_minutes = 1440 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.monitoring]
}

run "refuses_fewer_failures_than_none" {
  command = plan

  variables {
    monitoring = { failed_records = -1 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.monitoring]
}

run "refuses_a_buffer_that_firehose_does_not_have" {
  command = plan

  variables {
    archive = { buffer_mb = 129 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.archive]
}

run "refuses_an_archive_that_waits_too_little" {
  command = plan

  variables {
    archive = { buffer_seconds = 59 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.archive]
}

run "refuses_an_archive_of_half_a_day" {
  command = plan

  variables {
    archive = { days = 0.5 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.archive]
}

run "refuses_an_hour_that_is_a_day" {
  command = plan

  variables {
    archive = { first_hour = "2026-01-31" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.archive]
}

run "refuses_a_prebuilt_zip_of_the_sinks_that_is_not_there" {
  command = plan

  variables {
    prebuilt = { sinks_zip = "nothing.zip" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_to_backfill_from_a_folder_without_a_slash" {
  command = plan

  variables {
    backfill_from = ["s3://exports/2025"]
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.backfill_from]
}

run "refuses_to_backfill_from_every_bucket" {
  command = plan

  variables {
    backfill_from = ["s3://*/"]
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.backfill_from]
}

run "refuses_rights_to_an_app_without_a_name" {
  command = plan

  variables {
    reports = { rights = { claim = "groups", apps = { analysts = [""] } } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.reports]
}

run "refuses_reports_that_are_open_to_the_world" {
  command = plan

  variables {
    reports = { enabled = true }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.reports]
}

run "refuses_a_login_without_tls" {
  command = plan

  variables {
    reports = { enabled = true, login = { issuer = "http://id.example", client_id = "reports", authorize_url = "https://id.example/a", token_url = "https://id.example/t" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.reports]
}

run "refuses_a_login_of_no_client" {
  command = plan

  variables {
    reports = { enabled = true, login = { issuer = "https://id.example", client_id = "", authorize_url = "https://id.example/a", token_url = "https://id.example/t" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.reports]
}

run "refuses_a_login_without_an_id_token" {
  command = plan

  variables {
    reports = { enabled = true, login = { issuer = "https://id.example", client_id = "reports", authorize_url = "https://id.example/a", token_url = "https://id.example/t", scope = "email" } }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.reports]
}

run "refuses_to_reuse_answers_for_longer_than_athena_does" {
  command = plan

  variables {
    reports = { reuse_minutes = 10081 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.reports]
}

run "refuses_reports_that_nobody_may_ask" {
  command = plan

  variables {
    reports = { concurrency = 0 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.reports]
}

run "refuses_a_prebuilt_zip_of_the_reports_that_is_not_there" {
  command = plan

  variables {
    prebuilt = { reports_zip = "nothing.zip" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_a_writer_that_ends_before_it_commits_by_itself" {
  command = plan

  variables {
    staged = { enabled = true }
    writer = { timeout_seconds = 239 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.staged]
}

run "refuses_a_cluster_without_subnets" {
  command = plan

  variables {
    cluster = { enabled = true }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.cluster]
}

run "refuses_a_cluster_of_half_a_worker" {
  command = plan

  variables {
    cluster = { max_vcpu = 10 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.cluster]
}

run "refuses_rounds_of_more_than_an_hour" {
  command = plan

  variables {
    cluster = { round_seconds = 3601 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.cluster]
}

run "refuses_a_prebuilt_jar_that_is_not_there" {
  command = plan

  variables {
    prebuilt = { cluster_jars = ["nothing.jar"] }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.prebuilt]
}

run "refuses_a_grafana_without_a_password" {
  command = plan

  variables {
    observability = { enabled = true, subnet_ids = ["subnet-private"] }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.observability]
}

run "refuses_a_password_in_place_of_its_secret" {
  command = plan

  variables {
    observability = { enabled = true, password_secret_arn = "hunter2", subnet_ids = ["subnet-private"] }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.observability]
}

run "refuses_a_grafana_without_subnets" {
  command = plan

  variables {
    observability = { enabled = true, password_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-AbCdEf" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.observability]
}

run "refuses_a_grafana_that_fargate_does_not_offer" {
  command = plan

  variables {
    observability = { enabled = true, password_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-AbCdEf", subnet_ids = ["subnet-private"], cpu = 256, memory_mb = 4096 }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.observability]
}

run "refuses_panels_on_counts_that_are_out_of_reach" {
  command = plan

  variables {
    counts        = { enabled = true }
    observability = { enabled = true, password_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-AbCdEf", subnet_ids = ["subnet-private"], counts_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-AbCdEf" }
  }

  module {
    source = "./front_door"
  }

  expect_failures = [var.observability]
}
