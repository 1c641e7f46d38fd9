# Stream → function → DynamoDB, and a route that reads it. On demand: each event with a page is one write.

resource "aws_dynamodb_table" "history" {
  # checkov:skip=CKV_AWS_119:DynamoDB's own key encrypts it; a customer-managed key costs $1 a month and a charge for each request, and keeps out nobody that the policies allow.

  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pagePath"
  range_key    = "timestamp"

  deletion_protection_enabled = !var.force_destroy

  attribute {
    name = "pagePath"
    type = "S"
  }

  attribute {
    name = "timestamp"
    type = "N"
  }

  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }
}

module "writer" {
  source = "../consumer"

  name               = var.name
  description        = "Writes an item for each event that has a page."
  zip                = var.zip
  handler            = "headwater_sinks.history.function.handler"
  max_event_age_days = var.max_event_age_days
  stream             = var.stream
  window_seconds     = 5
  failed_bucket_name = var.failed_bucket_name
  roles              = var.roles
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  force_destroy      = var.force_destroy

  environment = merge(local.shared, { HISTORY_TTL_DAYS = tostring(var.settings.ttl_days) })

  policy_name = "write-history"
  statements = {
    Table = { actions = ["dynamodb:BatchWriteItem"], resources = [aws_dynamodb_table.history.arn] }
  }
}

locals {
  shared = {
    HISTORY_TABLE        = aws_dynamodb_table.history.name
    HISTORY_WRITE_SHARDS = tostring(var.settings.write_shards)
  }
}
