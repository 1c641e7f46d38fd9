# An event's route, from left to right: collector, stream, writer, lake, queries.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account = {
    id        = data.aws_caller_identity.current.account_id
    partition = data.aws_partition.current.partition
    region    = data.aws_region.current.id
  }

  metrics_namespace = "Headwater/${var.name}"
  has_poller        = length(var.poller.configs) > 0

  # Commits slow down beyond some 4,000 snapshots (docs/maintenance.md). Expiry leaves 2,000, and a full
  # shard makes 900 an hour: more than two full ones cannot wait for the hour. An on-demand stream has
  # four to begin with.
  many_commits         = var.stream.mode == "on_demand" || var.stream.shards > 2
  maintenance_schedule = coalesce(var.writer.maintenance_schedule, local.many_commits ? "rate(10 minutes)" : "rate(1 hour)")
}

# Nothing is created on AWS before everything is built: each module of which a part would not wait for it
# by itself says that it does.
module "artifacts" {
  source = "./modules/artifacts"

  source_root  = "${path.module}/.."
  architecture = var.architecture
  name         = var.name
  has_poller   = local.has_poller
  account_id   = local.account.id
  prebuilt     = var.prebuilt
}

module "collector" {
  source = "./modules/collector"

  name               = "${var.name}-collector"
  zip                = module.artifacts.api_zip
  settings           = var.collector
  stream             = module.stream
  metrics_namespace  = local.metrics_namespace
  log_retention_days = var.monitoring.log_retention_days

  depends_on = [module.artifacts]
}

module "stream" {
  source = "./modules/stream"

  name     = "${var.name}-events"
  settings = var.stream

  depends_on = [module.artifacts]
}

module "writer" {
  source = "./modules/writer"

  name               = "${var.name}-writer"
  image              = module.artifacts.writer_image
  settings           = var.writer
  stream             = module.stream
  lake               = module.lake
  topic_arn          = module.alerts.topic_arn
  log_retention_days = var.monitoring.log_retention_days

  depends_on = [module.artifacts]
}

module "lake" {
  source = "./modules/lake"

  name               = var.name
  account            = local.account
  settings           = var.lake
  query_results_days = var.queries.results_days
  force_destroy      = var.force_destroy

  depends_on = [module.artifacts]
}

module "queries" {
  source = "./modules/queries"

  name          = var.name
  lake          = module.lake
  settings      = var.queries
  force_destroy = var.force_destroy
}

# Beside the route: what looks after it.

module "maintenance" {
  source = "./modules/maintenance"
  count  = local.maintenance_schedule == "never" ? 0 : 1

  name               = "${var.name}-maintenance"
  writer             = module.writer.shared
  schedule           = local.maintenance_schedule
  stream             = module.stream
  lake               = module.lake
  log_retention_days = var.monitoring.log_retention_days

  depends_on = [module.artifacts]
}

module "replay" {
  source = "./modules/replay"

  name               = "${var.name}-replay"
  account            = local.account
  writer             = module.writer.shared
  lake               = module.lake
  log_retention_days = var.monitoring.log_retention_days

  depends_on = [module.artifacts]
}

module "poller" {
  source = "./modules/poller"
  count  = local.has_poller ? 1 : 0

  name               = "${var.name}-poller"
  account            = local.account
  image              = module.artifacts.poller_image
  settings           = var.poller
  stream             = module.stream
  bucket             = merge(module.lake.bucket, { prefix = module.lake.prefixes.poller })
  metrics_namespace  = local.metrics_namespace
  log_retention_days = var.monitoring.log_retention_days

  depends_on = [module.artifacts]
}

module "alerts" {
  source = "./modules/alerts"

  name  = "${var.name}-failures"
  email = var.monitoring.alert_email

  depends_on = [module.artifacts]
}

module "monitoring" {
  source = "./modules/monitoring"

  name              = var.name
  account           = local.account
  settings          = var.monitoring
  metrics_namespace = local.metrics_namespace
  topic_arn         = module.alerts.topic_arn

  route = {
    collector   = module.collector
    stream      = module.stream
    writer      = module.writer
    maintenance = one(module.maintenance)
    replay      = module.replay
    queries     = module.queries
    poller      = one(module.poller)
  }
}

module "sdk_hosting" {
  source = "./modules/sdk_hosting"
  count  = var.sdk_hosting.enabled ? 1 : 0

  name     = "${var.name}-sdk"
  account  = local.account
  bundle   = module.artifacts.browser_sdk
  settings = var.sdk_hosting

  depends_on = [module.artifacts]
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
    module.maintenance,
    module.replay,
    module.poller,
    module.alerts,
    module.monitoring,
    module.sdk_hosting,
  ]
}
