# Staged mode: the writer's image with another handler, which makes one commit of what many writers offer
# (docs/adr/0025). What one of Lambda's pollers gathers within its window is a group.

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
  # Enough for a first start and a commit to each table. Writers wait for some forty seconds.
  timeout_seconds = 120

  # The shortest that there is. Where the queue has little traffic, Lambda may wait for up to twenty ("Using Lambda
  # with Amazon SQS", AWS Lambda developer guide).
  window_seconds = 1

  # The lowest bound that a mapping takes. A second one works while the first is at a large group; more would only
  # race each other to the catalog.
  committers = 2

  # The rights that a mapping needs, by the page that queue.tf names.
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

  # Of the longest offers, some twenty fit into an invocation.
  batch_size                         = 1000
  maximum_batching_window_in_seconds = local.window_seconds

  scaling_config {
    maximum_concurrency = local.committers
  }
}
