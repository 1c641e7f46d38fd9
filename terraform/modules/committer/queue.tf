# Offers on their way. One that is lost costs its writer a wait of forty seconds, and no row.

resource "aws_sqs_queue" "offers" {
  name = "${var.name}-offers"

  # The committer passes over what is older (headwater_writer/staged/wire.py). There is no dead-letter queue:
  # the writer of an offer that fails has long committed by itself, so nobody could do anything with it. What
  # made it fail is in the committer's log, and rings.
  message_retention_seconds = 3600

  # Six times as long as an invocation may take, and the window, as "Creating and configuring an Amazon SQS event
  # source mapping" (AWS Lambda developer guide) has it.
  visibility_timeout_seconds = 6 * local.timeout_seconds + local.window_seconds

  sqs_managed_sse_enabled = var.key_arn == null ? true : null
  kms_master_key_id       = var.key_arn
}
