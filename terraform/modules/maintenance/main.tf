# The writer's image with another handler, on a schedule. Leases in the tables keep two runs from
# meeting.

module "function" {
  source = "../function"

  name               = var.name
  description        = "Keeps the Iceberg tables small and quick."
  image              = merge(var.writer.image, { command = ["headwater_writer.functions.maintenance.handler"] })
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb            = var.writer.memory_mb
    timeout_seconds      = 900 # The most: a run ends by itself when nothing is due.
    ephemeral_storage_mb = var.ephemeral_storage_mb
    # The schedule's, and an operator's at the same time: a rewind.
    concurrency = var.writer.reserve_concurrency ? 2 : null
  }

  # How long the stream keeps a record says for how long a shard's ledger is of use.
  environment = merge(var.writer.environment, { STREAM_RETENTION_HOURS = tostring(var.stream.retention_hours) })

  policy = {
    name = "maintain"
    statements = merge(var.lake.may_change_tables, {
      # An operator's `register`, of a table that the catalog has lost.
      LostTables = {
        actions   = ["glue:CreateTable"]
        resources = var.lake.glue_arns
      }
    })
  }

  schedule = {
    expression  = var.schedule
    description = "When the tables are maintained."
    input       = "{}" # Whatever is due, to every table.
  }

  # The next run does what this one could not. Lambda would repeat a failed one at once, twice.
  asynchronous = { max_retries = 0, max_age_seconds = 3600 }
}
