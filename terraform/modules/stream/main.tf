locals {
  # A stream that grows by itself takes no number, and says none.
  shards = var.settings.mode == "provisioned" ? var.settings.shards : null
}

resource "aws_kinesis_stream" "events" {
  name             = var.name
  retention_period = var.settings.retention_hours
  shard_count      = local.shards

  # By default the key that AWS keeps for Kinesis: no charge by the month, and no rights to hand out.
  encryption_type = "KMS"
  kms_key_id      = coalesce(var.key_arn, "alias/aws/kinesis")

  # Whoever registered a consumer of their own must not keep a destroy from finishing.
  enforce_consumer_deletion = true

  stream_mode_details {
    stream_mode = upper(var.settings.mode)
  }
}
