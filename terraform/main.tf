# An event's route, from left to right: collector, stream, writer, lake, queries.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id

  # Bucket names are shared by all accounts of a partition.
  bucket_suffix        = "${local.account_id}-${local.region}"
  query_results_prefix = "query_results"

  metrics_namespace = "Headwater/${var.name}"

  # Commits slow down beyond some 4,000 snapshots (docs/maintenance.md). Expiry leaves 2,000, and a full
  # shard makes 900 an hour: more than two full ones cannot wait for the hour. An on-demand stream has
  # four to begin with.
  many_commits         = var.stream.mode == "on_demand" || var.stream.shards > 2
  maintenance_schedule = coalesce(var.writer.maintenance_schedule, local.many_commits ? "rate(10 minutes)" : "rate(1 hour)")
}

module "artifacts" {
  source = "./modules/artifacts"

  source_root     = "${path.module}/.."
  architecture    = var.architecture
  repository_name = "${var.name}-writer"
  account_id      = local.account_id
  prebuilt        = var.prebuilt
}

module "collector" {
  source = "./modules/collector"

  name                 = "${var.name}-collector"
  zip_file             = module.artifacts.api_zip
  architecture         = var.architecture
  memory_mb            = var.collector.memory_mb
  reserved_concurrency = var.collector.reserved_concurrency
  entry                = var.collector.entry
  throttle             = var.collector.throttle
  domain               = var.collector.domain
  allowed_origins      = var.collector.allowed_origins
  write_keys           = var.collector.write_keys
  path_prefix          = var.collector.path_prefix
  capture_headers      = var.collector.capture_headers
  trust_cloudfront     = var.collector.trust_cloudfront
  stream_name          = module.stream.name
  stream_arn           = module.stream.arn
  metrics_namespace    = local.metrics_namespace
  log_retention_days   = var.monitoring.log_retention_days

  # Of the collector and the writer too, which wait for what they run and not for its check.
  depends_on = [module.artifacts]
}

module "stream" {
  source = "./modules/stream"

  name            = "${var.name}-events"
  mode            = var.stream.mode
  shards          = var.stream.shards
  retention_hours = var.stream.retention_hours

  # Nothing is created on AWS before everything is built.
  depends_on = [module.artifacts]
}

module "writer" {
  source = "./modules/writer"

  name                 = var.name
  image_uri            = module.artifacts.writer_image_uri
  architecture         = var.architecture
  memory_mb            = var.writer.memory_mb
  timeout_seconds      = var.writer.timeout_seconds
  ephemeral_storage_mb = var.writer.ephemeral_storage_mb
  snap_start           = var.writer.snap_start
  batch_size           = var.writer.batch_size
  window_seconds       = var.writer.window_seconds
  max_retries          = var.writer.max_retries
  max_event_age_days   = var.writer.max_event_age_days
  ip_policy            = var.writer.ip_policy
  maintenance_schedule = local.maintenance_schedule == "never" ? null : local.maintenance_schedule
  tracking_plan        = var.writer.tracking_plan
  alert_email          = var.monitoring.alert_email

  stream_arn              = module.stream.arn
  stream_retention_hours  = var.stream.retention_hours
  database_name           = module.lake.database_name
  glue_arns               = module.lake.glue_arns
  warehouse               = module.lake.warehouse
  bucket_name             = module.lake.bucket_name
  bucket_arn              = module.lake.bucket_arn
  lake_prefix             = module.lake.lake_prefix
  failed_batches_prefix   = module.lake.failed_batches_prefix
  replayed_batches_prefix = module.lake.replayed_batches_prefix
  failed_records_prefixes = module.lake.failed_records_prefixes
  tracking_plans_prefix   = module.lake.tracking_plans_prefix
  account_id              = local.account_id
  log_retention_days      = var.monitoring.log_retention_days

  depends_on = [module.artifacts]
}

module "lake" {
  source = "./modules/lake"

  name                 = var.name
  bucket_name          = "${var.name}-data-${local.bucket_suffix}"
  database_name        = replace(var.name, "-", "_") # A hyphen would need quotes in every query.
  account_id           = local.account_id
  partition            = local.partition
  region               = local.region
  versioning           = var.lake.versioning
  noncurrent_days      = var.lake.noncurrent_days
  glue_optimizers      = var.lake.glue_optimizers
  query_results_prefix = local.query_results_prefix
  query_results_days   = var.queries.results_days
  force_destroy        = var.force_destroy

  depends_on = [module.artifacts]
}

module "queries" {
  source = "./modules/queries"

  name           = var.name
  database_name  = module.lake.database_name
  bucket_name    = module.lake.bucket_name
  results_prefix = local.query_results_prefix
  scan_limit_gb  = var.queries.scan_limit_gb
  force_destroy  = var.force_destroy
}

module "sdk_hosting" {
  source = "./modules/sdk_hosting"
  count  = var.sdk_hosting.enabled ? 1 : 0

  name          = "${var.name}-sdk"
  bucket_name   = "${var.name}-sdk-${local.bucket_suffix}"
  bundle        = module.artifacts.browser_sdk
  older_bundles = var.sdk_hosting.older_bundles
  price_class   = var.sdk_hosting.price_class
  partition     = local.partition

  depends_on = [module.artifacts]
}

module "monitoring" {
  source = "./modules/monitoring"

  name                      = var.name
  region                    = local.region
  alarms                    = var.monitoring.alarms
  topic_arn                 = module.writer.failures_topic_arn
  dashboard                 = var.monitoring.dashboard
  freshness_minutes         = var.monitoring.freshness_minutes
  failed_records            = var.monitoring.failed_records
  metrics_namespace         = local.metrics_namespace
  collector_function_name   = module.collector.function_name
  api_id                    = module.collector.api_id
  has_api                   = var.collector.entry == "api"
  stream_name               = module.stream.name
  writer_function_name      = module.writer.function_name
  replay_function_name      = module.writer.replay_function_name
  maintenance_function_name = module.writer.maintenance_function_name
  maintains                 = local.maintenance_schedule != "never"
  writer_log_group_name     = module.writer.log_group_name
  event_source_mapping_id   = module.writer.event_source_mapping_id
  workgroup                 = module.queries.workgroup
}

# Destroyed before everything else, so a refused destroy has destroyed nothing.
resource "terraform_data" "destroy_guard" {
  input = { force = var.force_destroy }

  provisioner "local-exec" {
    when       = destroy
    on_failure = fail
    command    = self.input.force ? "true" : "echo 'This destroy would delete the events that were collected. If that is meant, set force_destroy = true, apply, and destroy again.' >&2; exit 1"
  }

  depends_on = [
    module.collector,
    module.stream,
    module.writer,
    module.lake,
    module.queries,
    module.sdk_hosting,
    module.monitoring,
  ]
}
