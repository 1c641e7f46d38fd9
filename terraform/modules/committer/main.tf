# Staged mode: the writer's image with another handler, which makes one commit of what many writers offer
# (docs/adr/0025). What the queue holds within a second goes into the next group.

module "function" {
  source = "../function"

  name               = var.name
  description        = "Commits what writers offer, for many shards at once."
  image              = merge(var.writer.image, { command = ["headwater_writer.functions.committer.handler"] })
  environment        = var.writer.environment
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb            = var.writer.memory_mb
    timeout_seconds      = local.timeout_seconds
    ephemeral_storage_mb = var.writer.ephemeral_storage_mb
    concurrency          = var.writer.reserve_concurrency ? local.committers : null
  }

  policy = {
    name       = "commit"
    statements = merge(var.lake.may_change_tables, var.writer.may_read_tracking_plan, local.may_take_offers)
  }
}

locals {
  # Enough for a first start and a commit to each table. Writers wait for some twenty seconds.
  timeout_seconds = 120

  # The fewest that a mapping may be bounded to. A second one takes over while the first is at a large group;
  # more would only race each other to the catalog.
  committers = 2

  # What the same page says that a mapping takes (queue.tf).
  may_take_offers = {
    Offers = {
      actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
      resources = [aws_sqs_queue.offers.arn]
    }
  }
}

resource "aws_lambda_event_source_mapping" "offers" {
  event_source_arn = aws_sqs_queue.offers.arn
  function_name    = module.function.arn

  # A group is what comes within the shortest window that there is. More than some twenty of the longest offers
  # do not fit into an invocation.
  batch_size                         = 1000
  maximum_batching_window_in_seconds = 1

  scaling_config {
    maximum_concurrency = local.committers
  }
}
