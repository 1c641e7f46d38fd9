# Each alarm asks one thing; the topic is notified when the answer turns bad, and when it is good again.

locals {
  collector = { FunctionName = var.route.collector.function_name }
  stream    = { StreamName = var.route.stream.name }
  writer    = { FunctionName = var.route.writer.function_name }

  cluster_lag_minutes = max(var.settings.freshness_minutes, 15)

  polled = toset(try(var.route.poller.sources, []))

  # Alarms on parts that are not there.
  without = concat(
    [var.route.collector.entry == "api" ? "url-errors" : "api-errors"],
    var.route.maintenance == null ? ["maintenance-errors"] : [],
    var.route.archive == null ? ["archive-errors", "archive-lag"] : [],
    var.route.history == null ? ["history-lag", "history-dead-letters"] : [],
    var.route.counts == null ? ["counts-lag", "counts-dead-letters"] : [],
    var.route.canary == null ? ["canary-loss"] : [],
    var.route.reports == null ? ["reports-errors", "reports-throttles", "reports-scan"] : [],
    var.route.committer == null ? ["committer-errors", "committer-lag"] : [],
    var.route.cluster == null ? ["cluster-not-running"] : [],
    var.route.archive == null && var.route.history == null && var.route.counts == null ? ["sinks-read-throttles"] : [],
  )

  alarms = {
    api-errors = {
      description = "Requests were answered 5xx; clients keep their events and send them again, for a while: see whether collector-errors, collector-throttles or stream-failures is on."
      namespace   = "AWS/ApiGateway", metric = "5xx", dimensions = { ApiId = var.route.collector.api_id }
    }
    url-errors = {
      description = "Requests were answered 5xx; clients keep their events and send them again, for a while: see whether collector-errors, collector-throttles or stream-failures is on."
      namespace   = "AWS/Lambda", metric = "Url5xxCount", dimensions = local.collector
    }
    collector-errors = {
      description = "The collector failed: look at its log."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = local.collector
    }
    collector-throttles = {
      description = "More requests at a time than allowed: raise collector.reserved_concurrency, or the account's quota."
      namespace   = "AWS/Lambda", metric = "Throttles", dimensions = local.collector
    }
    stream-failures = {
      description = "The collector could not put events on the stream, and told their clients so: read the reasons in its log."
      namespace   = var.metrics_namespace, metric = "StreamFailures", dimensions = { service = "collector" }
    }
    stream-throttles = {
      description = "The stream takes no more: raise stream.shards, or set stream.mode = \"on_demand\"."
      namespace   = "AWS/Kinesis", metric = "WriteProvisionedThroughputExceeded", dimensions = local.stream
      periods     = 3
    }
    writer-errors = {
      description = "The writer failed: look at its log. Its batch is tried again."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = local.writer
    }
    writer-throttles = {
      description = "A writer that the stream needs could not run: raise the account's concurrency, or set writer.reserve_concurrency to keep room for it. While the stream gets fewer shards, this passes."
      namespace   = "AWS/Lambda", metric = "Throttles", dimensions = local.writer
    }
    committer-errors = {
      description = "The committer failed, and writers commit by themselves meanwhile: look at its log."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = try(var.route.committer.function_name, null) }
    }
    # What failed once comes again after twelve minutes.
    committer-lag = {
      description = "An offer has waited for a quarter of an hour, so writers wait in vain and commit by themselves: look for committer-errors, check that the committer's mapping is enabled, and raise the account's concurrency if it is used up."
      namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = try(var.route.committer.queue_name, null) }
      statistic   = "Maximum", threshold = 900
    }
    maintenance-errors = {
      description = "Maintenance failed: look at its log. The tables get slower until it works again."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = try(var.route.maintenance.function_name, null) }
    }
    replay-errors = {
      description = "A batch that the mapping gave up on still fails, and stays in the data bucket: look at the log of replay, and fix what it says."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = var.route.replay.function_name }
    }
    archive-errors = {
      description = "The archive's function failed: look at its log. After three retries its records are at archive-errors/processing-failed/."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = try(var.route.archive.function_name, null) }
    }
    archive-lag = {
      description = "The oldest event that Firehose has not archived came over an hour ago: look at the delivery stream's log."
      namespace   = "AWS/Firehose", metric = "DeliveryToS3.DataFreshness", dimensions = { DeliveryStreamName = try(var.route.archive.delivery_stream_name, null) }
      statistic   = "Maximum", threshold = 3600
    }
    history-lag = {
      description = "Events are an hour late in the history: look at its function's log. The stream keeps them meanwhile."
      namespace   = "AWS/Lambda", metric = "IteratorAge", dimensions = { FunctionName = try(var.route.history.function_name, null) }
      statistic   = "Maximum", threshold = 3600000
    }
    history-dead-letters = {
      description = "The history's mapping gave up on a batch: fix what its log says, and invoke the function with what is in the bucket of its failed batches."
      namespace   = "AWS/Lambda", metric = "OnFailureDestinationDeliveredEventCount", dimensions = { EventSourceMappingUUID = try(var.route.history.event_source_mapping_id, null) }
    }
    counts-lag = {
      description = "Events are an hour late in the counts: look at their function's log, and at the database. The stream keeps them meanwhile."
      namespace   = "AWS/Lambda", metric = "IteratorAge", dimensions = { FunctionName = try(var.route.counts.function_name, null) }
      statistic   = "Maximum", threshold = 3600000
    }
    counts-dead-letters = {
      description = "The counts' mapping gave up on a batch: fix what their log says, and invoke the function with what is in the bucket of their failed batches."
      namespace   = "AWS/Lambda", metric = "OnFailureDestinationDeliveredEventCount", dimensions = { EventSourceMappingUUID = try(var.route.counts.event_source_mapping_id, null) }
    }
    sinks-read-throttles = {
      description = "The readers of the stream ask for more than a shard serves: raise stream.shards, or switch a sink off."
      namespace   = "AWS/Kinesis", metric = "ReadProvisionedThroughputExceeded", dimensions = local.stream
      periods     = 3
    }
    writer-lag = {
      description = "Rows are written later than ${var.settings.freshness_minutes} minutes after their events came: look for writer-errors; if the writer is always busy, raise writer.memory_mb or stream.shards."
      namespace   = "AWS/Lambda", metric = "IteratorAge", dimensions = local.writer
      statistic   = "Maximum", threshold = var.settings.freshness_minutes * 60 * 1000
    }
    failed-records = {
      description = "More than ${var.settings.failed_records} records could not become rows within five minutes: ask the table failed_records for stage and reason, fix that, and replay them."
      namespace   = var.metrics_namespace, metric = "FailedRecords", dimensions = {}
      threshold   = var.settings.failed_records
    }
    missing-rows = {
      description = "Rows that the ledger covers were missing from the table, and were written now: check that the writer has one mapping, without a filter and with parallelization factor 1, and whether another tool changed the table."
      namespace   = var.metrics_namespace, metric = "Missing", dimensions = {}
    }
    # A canary that does not fly says nothing, which must not look like one that loses nothing. Of three
    # windows one may be empty: a flight ends in the next one if its rows take longer than the last ones'.
    canary-loss = {
      description = "The canary's events do not become rows within four minutes, or it does not fly: read /aws/lambda/${var.name}-canary. If it says why, look for the alarm of the stop that it names; if it says nothing, check that the schedule ${var.name}-canary is enabled and that the function is not throttled. After the canary is switched on it rings until two flights have lost nothing."
      namespace   = var.metrics_namespace, metric = "CanaryLost", dimensions = { service = "canary" }
      periods     = 3, datapoints = 2, missing = "breaching"
    }
    reports-errors = {
      description = "The reports' function failed: read /aws/lambda/${var.name}-reports, whose last line says why; events are not affected."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = try(var.route.reports.function_name, null) }
    }
    reports-throttles = {
      description = "More questions at a time than may be asked: raise reports.concurrency, or the account's quota."
      namespace   = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = try(var.route.reports.function_name, null) }
    }
    reports-scan = {
      description = "A query read more than four fifths of the ${var.route.queries.scan_limit_gb} GB at which one is stopped: find it in the history of the workgroup ${var.route.queries.workgroup}, and ask for fewer days or raise queries.scan_limit_gb."
      namespace   = "AWS/Athena", metric = "ProcessedBytes", dimensions = { QueryState = "SUCCEEDED", QueryType = "DML", WorkGroup = var.route.queries.workgroup }
      statistic   = "Maximum", threshold = 0.8 * var.route.queries.scan_limit_gb * pow(1024, 3)
    }
    cluster-not-running = {
      description = "The cluster's run ended twice within a quarter of an hour, or cannot be started: look at the executions of the state machine ${var.name}-cluster, then at the log /aws/emr-serverless/${var.name}-cluster. Events wait on the stream."
      namespace   = "AWS/States", metric = "ExecutionsFailed", dimensions = { StateMachineArn = try(var.route.cluster.keeper_arn, null) }
      periods     = 3, datapoints = 2
    }
    dead-letters = {
      description = "Replay found batches that the mapping gave up on, and retries them: there is nothing to do unless replay-errors follows."
      namespace   = var.metrics_namespace, metric = "GivenUpBatches", dimensions = {}
    }
    dropped-records = {
      description = "Records left the stream unwritten: read the stream again before its retention is over (docs/operations.md, \"Outages of S3 or Glue\")."
      namespace   = "AWS/Lambda", metric = "DestinationDeliveryFailures", dimensions = local.writer
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "route" {
  for_each = {
    for name, alarm in local.alarms : name => alarm
    if var.settings.alarms && !contains(local.without, name)
  }

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = try(each.value.statistic, "Sum")
  comparison_operator = "GreaterThanThreshold"
  threshold           = try(each.value.threshold, 0)
  period              = 300
  evaluation_periods  = try(each.value.periods, 1)
  datapoints_to_alarm = try(each.value.datapoints, null)
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]
}

# Records arrive and no commit follows, whatever the reason: a mapping that was disabled, a writer
# that does not start. Five minutes with both arrivals and commits set it back.
#
# Of each five minutes in which something arrived, the value is the number of commits, and 0 if
# there is no such number, even if there never was one ("Using IF expressions", Amazon CloudWatch
# user guide: IF(metric1, metric2, scalar3)); five minutes without arrivals have no value.
resource "aws_cloudwatch_metric_alarm" "freshness" {
  count = var.settings.alarms ? 1 : 0

  alarm_name          = "${var.name}-freshness"
  alarm_description   = "Events came for ${var.settings.freshness_minutes} minutes and no row was written: ${try(var.route.cluster.writes, false) ? "look for cluster-not-running, then read /aws/emr-serverless/${var.name}-cluster" : "check that the mapping is enabled, then look for writer-errors"}."
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]

  # One more than make up the time: what came at the end of the first has waited for it by then.
  evaluation_periods = var.settings.freshness_minutes / 5 + 1

  metric_query {
    id          = "followed"
    label       = "Commits beside arrivals"
    expression  = "IF(arrived > 0, commits, 1)"
    return_data = true
  }

  metric_query {
    id = "arrived"

    metric {
      namespace   = "AWS/Kinesis"
      metric_name = "IncomingRecords"
      dimensions  = local.stream
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id = "commits"

    metric {
      namespace   = var.metrics_namespace
      metric_name = "Commits"
      period      = 300
      stat        = "Sum"
    }
  }
}

# How old the records are that the cluster reads. Each round reads from where the ledgers end, so one that
# reads and cannot commit falls behind, too.
#
# The metric is of all who call GetRecords on the stream ("Monitoring the Amazon Kinesis Data Streams
# Service with Amazon CloudWatch", Amazon Kinesis Data Streams developer guide), such as the sinks. While
# nothing arrives it may be as old as the last record: a reader that begins there comes to the tip by empty
# answers. A driver that starts looks once into gaps that may be hours old, hence two of three periods. Such a
# reader of a quiet stream is minutes behind although nothing is wrong, hence never under a quarter of an hour.
resource "aws_cloudwatch_metric_alarm" "cluster_lag" {
  count = var.settings.alarms && try(var.route.cluster.writes, false) ? 1 : 0

  alarm_name          = "${var.name}-cluster-lag"
  alarm_description   = "The cluster, or a sink, reads events later than ${local.cluster_lag_minutes} minutes after they came: read latency_seconds and failed rounds in /aws/emr-serverless/${var.name}-cluster. If the cluster is late, fix what fails, or raise cluster.max_vcpu or stream.shards; if it is not, a sink is: look at the sinks' logs."
  comparison_operator = "GreaterThanThreshold"
  threshold           = local.cluster_lag_minutes * 60 * 1000
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]

  metric_query {
    id          = "behind"
    label       = "Age of what is read while events come"
    expression  = "IF(arrived > 0, age, 0)"
    return_data = true
  }

  metric_query {
    id = "arrived"

    metric {
      namespace   = "AWS/Kinesis"
      metric_name = "IncomingRecords"
      dimensions  = local.stream
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id = "age"

    metric {
      namespace   = "AWS/Kinesis"
      metric_name = "GetRecords.IteratorAgeMilliseconds"
      dimensions  = local.stream
      period      = 300
      stat        = "Maximum"
    }
  }
}

# Rows that the ledger covers although no try failed. A batch that is delivered again once, as Lambda may
# do, is in one or two periods; a mapping that leaves gaps or delivers twice is in all
# of them. Whatever fails rings elsewhere, and what is then tried again is covered as it should be.
resource "aws_cloudwatch_metric_alarm" "covered_rows" {
  count = var.settings.alarms ? 1 : 0

  alarm_name          = "${var.name}-covered-rows"
  alarm_description   = "Rows were treated as already written although no attempt failed: check that the writer has one mapping, without a filter and with parallelization factor 1. Until then rows may be lost."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 12
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]

  metric_query {
    id          = "unexplained"
    label       = "Covered rows without a failed try"
    expression  = "IF(FILL(errors, 0) > 0, 0, covered)"
    return_data = true
  }

  metric_query {
    id = "covered"

    metric {
      namespace   = var.metrics_namespace
      metric_name = "Covered"
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      dimensions  = local.writer
      period      = 300
      stat        = "Sum"
    }
  }
}

# The share of an hour's events that were left out because the same event was written just before. Clients
# send again what was not answered, which is a few events in a hundred even on bad networks. One in
# ten is a client that does not see its answers, or sends one event many times. Below a hundred, a single page that was sent again would ring.
resource "aws_cloudwatch_metric_alarm" "repeated_events" {
  count = var.settings.alarms ? 1 : 0

  alarm_name          = "${var.name}-repeated-events"
  alarm_description   = "More than a tenth of an hour's events were left out as repeats: if ${var.route.collector.entry == "api" ? "api-errors" : "url-errors"} is on, clients get no answers; otherwise find the client that sends one event many times, most likely the one that was deployed last."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]

  metric_query {
    id          = "share"
    label       = "Percent of the events that were repeats"
    expression  = "IF(repeats > 100, 100 * repeats / (repeats + FILL(rows, 0)), 0)"
    return_data = true
  }

  metric_query {
    id = "repeats"

    metric {
      namespace   = var.metrics_namespace
      metric_name = "Repeats"
      period      = 3600
      stat        = "Sum"
    }
  }

  metric_query {
    id = "rows"

    metric {
      namespace   = var.metrics_namespace
      metric_name = "EventRows"
      period      = 3600
      stat        = "Sum"
    }
  }
}

# Of each config, since one that fails must not hide behind others that work.
resource "aws_cloudwatch_metric_alarm" "poller_failures" {
  for_each = var.settings.alarms ? local.polled : []

  alarm_name          = "${var.name}-poller-failures-${each.key}"
  alarm_description   = "Polls of ${each.key} end early for a quarter of an hour: read its log, which says what to do."
  namespace           = var.metrics_namespace
  metric_name         = "PollFailures"
  dimensions          = { service = "poller", source = each.key }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 3
  treat_missing_data  = "ignore"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]
}

# A day, so that any schedule has run by then.
resource "aws_cloudwatch_metric_alarm" "poller_silence" {
  for_each = var.settings.alarms ? local.polled : []

  alarm_name          = "${var.name}-poller-silence-${each.key}"
  alarm_description   = "No poll of ${each.key} has ended for a day: see in ECS why its task stops or does not start."
  namespace           = var.metrics_namespace
  metric_name         = "PollFailures"
  dimensions          = { service = "poller", source = each.key }
  statistic           = "SampleCount"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 86400
  evaluation_periods  = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]
}
