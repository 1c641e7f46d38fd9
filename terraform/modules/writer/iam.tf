locals {
  may_write_rows = merge(var.lake.may_change_tables, local.may_read_tracking_plan, {
    # Maintenance leaves alone what no writer has made yet.
    NewTables = {
      actions   = ["glue:CreateTable"]
      resources = var.lake.glue_arns
    }

    FailedRecords = {
      actions   = ["s3:PutObject"]
      resources = [for prefix in var.lake.prefixes.failed_records : "${var.lake.bucket.arn}/${prefix}/*"]
    }

    Notices = {
      actions   = ["sns:Publish"]
      resources = [var.topic_arn]
    }
  })

  # On the catalog and the database they are allowed as for tables.
  may_keep_views = {
    Views = {
      actions   = ["glue:CreateTable", "glue:GetTable", "glue:UpdateTable"]
      resources = [for view in keys(var.views) : "${var.lake.table_arn_prefix}/${view}"]
    }
  }

  # In staged mode.
  may_offer = {
    for queue in var.offers_queue[*] : "Offers" => {
      actions   = ["sqs:SendMessage"]
      resources = [queue.arn]
    }
  }

  may_take_batches = {
    Stream = {
      actions = [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ]
      resources = [var.stream.arn]
    }

    # Lambda writes discarded batches with the function's role.
    FailedBatches = {
      actions   = ["s3:PutObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.failed_batches}/*"]
    }
  }

  # "Process Amazon Kinesis Data Streams records with Lambda" (AWS Lambda developer guide) names no rights on a
  # consumer: these are all that IAM has for reading through one (Service Authorization Reference).
  may_be_sent_batches = {
    for consumer in aws_kinesis_stream_consumer.writer : "Consumer" => {
      actions   = ["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"]
      resources = [consumer.arn]
    }
  }
}
