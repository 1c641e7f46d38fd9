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

  # What has one name in all regions of an account ends with the region, so that each can have a stack of the same name.
  roles = merge(var.roles, { suffix = "-${local.account.region}" })

  metrics_namespace = "Headwater/${var.name}"
  has_poller        = length(var.poller.configs) > 0
  cluster_writes    = var.cluster.enabled && var.cluster.writes
  counts_panels     = var.observability.counts_secret_arn == null ? [] : [module.observability[0].security_group_id]
  is_first_party    = var.sdk_hosting.enabled && var.sdk_hosting.with_api

  # The canary's key is its app, and so is the demo's. If no keys are set up, any key is.
  canary_key = "headwater-canary"
  demo_key   = "demo"
  own_keys   = compact([var.canary.enabled ? local.canary_key : "", var.demo.enabled ? local.demo_key : ""])
  write_keys = length(var.collector.write_keys) == 0 ? {} : merge(var.collector.write_keys, { for key in local.own_keys : key => key })

  # What a backfill may read: the archive, the demo's visitors, and what the deployer names.
  backfill_from = concat(
    [for archive in module.archive : { bucket_arn = archive.source.bucket_arn, prefix = archive.source.prefix }],
    [for prefix in [module.lake.prefixes.demo] : { bucket_arn = module.lake.bucket.arn, prefix = "${prefix}/", is_lake = true } if var.demo.enabled],
    [for uri in var.backfill_from : { bucket_arn = "arn:${local.account.partition}:s3:::${split("/", uri)[2]}", prefix = join("/", slice(split("/", uri), 3, length(split("/", uri)))) }],
  )

  # Commits slow down beyond some 4,000 snapshots (docs/maintenance.md). Expiry leaves 2,000, and a full
  # shard makes 900 an hour: more than two full ones cannot wait for the hour. An on-demand stream has
  # four to begin with.
  many_commits         = var.stream.mode == "on_demand" || var.stream.shards > 2
  maintenance_schedule = coalesce(var.maintenance.schedule, local.many_commits ? "rate(10 minutes)" : "rate(1 hour)")
}

# Nothing is created on AWS before everything is built: each module of which a part would not wait for it
# by itself says that it does. Only the poller and the cluster do not: their VPC would be looked up during the
# apply whenever something is to be built, and their security group replaced while in use.
module "artifacts" {
  source = "./modules/artifacts"

  source_root  = "${path.module}/.."
  architecture = var.architecture
  name         = var.name
  has_poller   = local.has_poller
  account_id   = local.account.id
  prebuilt     = var.prebuilt
  sinks        = var.archive.enabled || var.history.enabled || var.counts.enabled
  reports      = var.reports.enabled
  cluster      = var.cluster.enabled
}

module "collector" {
  source = "./modules/collector"

  name               = "${var.name}-collector"
  key_arn            = var.kms_key_arn
  zip                = module.artifacts.api_zip
  settings           = merge(var.collector, { write_keys = local.write_keys })
  stream             = module.stream
  edge_secret        = local.is_first_party ? terraform_data.edge_secret[0].output : ""
  metrics_namespace  = local.metrics_namespace
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  roles              = local.roles

  depends_on = [module.artifacts]
}

module "stream" {
  source = "./modules/stream"

  name     = coalesce(var.names.stream, "${var.name}-events")
  key_arn  = var.kms_key_arn
  settings = var.stream

  depends_on = [module.artifacts]
}

module "writer" {
  source = "./modules/writer"

  name               = "${var.name}-writer"
  key_arn            = var.kms_key_arn
  image              = module.artifacts.writer_image
  settings           = var.writer
  is_relieved        = local.cluster_writes && length(module.cluster) == 1 # So not before all of it is made.
  offers_queue       = one(module.committer[*].queue)
  stream             = module.stream
  lake               = module.lake
  views              = module.queries.views
  topic_arn          = module.alerts.topic_arn
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  roles              = local.roles

  depends_on = [module.artifacts]
}

module "committer" {
  source = "./modules/committer"
  count  = var.staged.enabled ? 1 : 0

  name               = "${var.name}-committer"
  key_arn            = var.kms_key_arn
  writer             = module.writer.shared
  lake               = module.lake
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  roles              = local.roles

  depends_on = [module.artifacts]
}

module "cluster" {
  source = "./modules/cluster"
  count  = var.cluster.enabled ? 1 : 0

  name               = "${var.name}-cluster"
  key_arn            = var.kms_key_arn
  account            = local.account
  code               = module.artifacts.cluster_code
  settings           = var.cluster
  writer             = module.writer.shared
  stream             = module.stream
  lake               = module.lake
  may_read_sources   = module.replay.may_read_sources
  log_retention_days = var.monitoring.log_retention_days
  roles              = local.roles
}

module "lake" {
  source = "./modules/lake"

  name               = var.name
  key_arn            = var.kms_key_arn
  names              = var.names
  account            = local.account
  settings           = var.lake
  query_results_days = var.queries.results_days
  force_destroy      = var.force_destroy

  # Without the guard, as if the whole module block is removed, what comes first is the bucket, which S3
  # does not delete while it holds something. The stream waits for it.
  depends_on = [module.artifacts, module.stream]
}

module "queries" {
  source = "./modules/queries"

  name          = coalesce(var.names.workgroup, var.name)
  key_arn       = var.kms_key_arn
  lake          = module.lake
  settings      = var.queries
  force_destroy = var.force_destroy
}

module "reports" {
  source = "./modules/reports"
  count  = var.reports.enabled ? 1 : 0

  name               = "${var.name}-reports"
  key_arn            = var.kms_key_arn
  zip                = module.artifacts.reports_zip
  settings           = var.reports
  queries            = module.queries
  lake               = module.lake
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  roles              = local.roles

  depends_on = [module.artifacts]
}

# Off the route: what looks after it.

module "maintenance" {
  source = "./modules/maintenance"
  count  = local.maintenance_schedule == "never" ? 0 : 1

  name                 = "${var.name}-maintenance"
  key_arn              = var.kms_key_arn
  writer               = module.writer.shared
  schedule             = local.maintenance_schedule
  ephemeral_storage_mb = var.maintenance.ephemeral_storage_mb
  stream               = module.stream
  lake                 = module.lake
  log_retention_days   = var.monitoring.log_retention_days
  tracing              = var.monitoring.tracing
  roles                = local.roles

  depends_on = [module.artifacts]
}

module "optimizers" {
  source = "./modules/optimizers"
  count  = var.lake.glue_optimizers ? 1 : 0

  name    = "${var.name}-optimizers"
  key_arn = var.kms_key_arn
  account = local.account
  lake    = module.lake
  tables  = module.writer.tables
  roles   = local.roles

  depends_on = [module.artifacts]
}

module "replay" {
  source = "./modules/replay"

  name               = "${var.name}-replay"
  key_arn            = var.kms_key_arn
  account            = local.account
  writer             = module.writer.shared
  lake               = module.lake
  backfill_from      = local.backfill_from
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  roles              = local.roles

  depends_on = [module.artifacts]
}

module "canary" {
  source = "./modules/canary"
  count  = var.canary.enabled ? 1 : 0

  name               = "${var.name}-canary"
  key_arn            = var.kms_key_arn
  account            = local.account
  zip                = module.artifacts.api_zip
  api_url            = module.collector.url
  queries            = module.queries
  lake               = module.lake
  metrics_namespace  = local.metrics_namespace
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  roles              = local.roles

  depends_on = [module.artifacts]
}

# Off the route, too: more copies of the events. Each reads the stream by itself.

module "archive" {
  source = "./modules/sinks/archive"
  count  = var.archive.enabled ? 1 : 0

  name               = "${var.name}-archive"
  key_arn            = var.kms_key_arn
  bucket_name        = coalesce(var.names.archive_bucket, "${var.name}-raw-${local.account.id}-${local.account.region}")
  account            = local.account
  settings           = var.archive
  zip                = module.artifacts.sinks_zip
  stream             = module.stream
  database_name      = module.lake.database_name
  ip_policy          = var.writer.ip_policy
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  roles              = local.roles
  force_destroy      = var.force_destroy

  depends_on = [module.artifacts]
}

module "history" {
  source = "./modules/sinks/history"
  count  = var.history.enabled ? 1 : 0

  name               = "${var.name}-history"
  key_arn            = var.kms_key_arn
  failed_bucket_name = "${var.name}-history-${local.account.id}-${local.account.region}"
  settings           = var.history
  zip                = module.artifacts.sinks_zip
  stream             = module.stream
  max_event_age_days = var.writer.max_event_age_days
  roles              = local.roles
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  force_destroy      = var.force_destroy

  collector = {
    entry             = module.collector.entry
    api_id            = module.collector.api_id
    api_execution_arn = module.collector.api_execution_arn
    allowed_origins   = var.collector.allowed_origins
    path_prefix       = var.collector.path_prefix
  }

  depends_on = [module.artifacts]
}

module "counts" {
  source = "./modules/sinks/counts"
  count  = var.counts.enabled ? 1 : 0

  name               = "${var.name}-counts"
  key_arn            = var.kms_key_arn
  account            = local.account
  failed_bucket_name = "${var.name}-counts-${local.account.id}-${local.account.region}"
  settings           = merge(var.counts, { reader_security_group_ids = concat(var.counts.reader_security_group_ids, local.counts_panels) })
  zip                = module.artifacts.sinks_zip
  stream             = module.stream
  max_event_age_days = var.writer.max_event_age_days
  roles              = local.roles
  log_retention_days = var.monitoring.log_retention_days
  tracing            = var.monitoring.tracing
  force_destroy      = var.force_destroy

  depends_on = [module.artifacts]
}

module "poller" {
  source = "./modules/poller"
  count  = local.has_poller ? 1 : 0

  name               = "${var.name}-poller"
  key_arn            = var.kms_key_arn
  account            = local.account
  roles              = local.roles
  image              = module.artifacts.poller_image
  settings           = var.poller
  stream             = module.stream
  bucket             = merge(module.lake.bucket, { prefix = module.lake.prefixes.poller })
  metrics_namespace  = local.metrics_namespace
  log_retention_days = var.monitoring.log_retention_days
}

module "observability" {
  source = "./modules/observability"
  count  = var.observability.enabled ? 1 : 0

  name               = "${var.name}-grafana"
  name_of_the_stack  = var.name
  key_arn            = var.kms_key_arn
  account            = local.account
  roles              = local.roles
  docs               = "${path.module}/../docs"
  settings           = var.observability
  queries            = module.queries
  lake               = module.lake
  bucket             = merge(module.lake.bucket, { prefix = module.lake.prefixes.observability })
  counts             = var.observability.counts_secret_arn == null ? null : merge(module.counts[0].database, { security_group_id = module.counts[0].database_security_group_id })
  log_retention_days = var.monitoring.log_retention_days
}

module "alerts" {
  source = "./modules/alerts"

  name               = coalesce(var.names.topic, "${var.name}-failures")
  key_arn            = var.kms_key_arn
  account            = local.account
  email              = var.monitoring.alert_email
  monthly_budget_usd = var.monitoring.monthly_budget_usd

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
    committer   = one(module.committer)
    maintenance = one(module.maintenance)
    replay      = module.replay
    queries     = module.queries
    archive     = one(module.archive)
    history     = one(module.history)
    counts      = one(module.counts)
    poller      = one(module.poller)
    canary      = one(module.canary)
    reports     = one(module.reports)
    cluster     = one(module.cluster)
  }
}

module "sdk_hosting" {
  source = "./modules/sdk_hosting"
  count  = var.sdk_hosting.enabled ? 1 : 0

  name     = "${var.name}-sdk"
  account  = local.account
  bundle   = module.artifacts.browser_sdk
  extras   = module.artifacts.browser_sdk_extras
  settings = var.sdk_hosting

  api = local.is_first_party ? {
    host        = split("/", module.collector.url)[2]
    path_prefix = var.collector.path_prefix
    secret      = terraform_data.edge_secret[0].output
  } : null

  depends_on = [module.artifacts]
}

module "demo" {
  source = "./modules/demo"
  count  = var.demo.enabled ? 1 : 0

  site        = module.artifacts.demo_site
  hosting     = module.sdk_hosting[0]
  api_url     = coalesce(module.sdk_hosting[0].api_url, module.collector.url)
  write_key   = local.demo_key
  queries     = module.queries
  lake        = module.lake
  reports_url = one(module.reports[*].url)
}

# Made once, and in the state like the write keys.
resource "terraform_data" "edge_secret" {
  count = local.is_first_party ? 1 : 0
  input = uuid()

  lifecycle {
    ignore_changes = [input]
  }
}

# Destroyed before everything else, so a refused destroy has destroyed nothing. Another name is another
# stack: it would destroy this one. So would another name of what holds events.
resource "terraform_data" "destroy_guard" {
  input            = { force = var.force_destroy, cluster_writes = local.cluster_writes }
  triggers_replace = concat([var.name], compact([var.names.data_bucket, var.names.database, var.names.stream, var.names.archive_bucket]))

  provisioner "local-exec" {
    when       = destroy
    on_failure = fail
    command    = try(self.input.cluster_writes, false) ? "echo 'The cluster still writes, and AWS deletes none with a run on it: set cluster.writes = false, apply, and destroy ten minutes later.' >&2; exit 1" : self.input.force ? "true" : "echo 'This destroy would delete the events that were collected. If the name was changed, give the stack its old one; a second stack is a second module block. If a destroy is meant, set force_destroy = true, apply, and destroy again.' >&2; exit 1"
  }

  depends_on = [
    module.collector,
    module.stream,
    module.writer,
    module.committer,
    module.lake,
    module.queries,
    module.reports,
    module.maintenance,
    module.optimizers,
    module.replay,
    module.canary,
    module.archive,
    module.history,
    module.counts,
    module.poller,
    module.cluster,
    module.observability,
    module.alerts,
    module.monitoring,
    module.sdk_hosting,
    module.demo,
  ]
}
