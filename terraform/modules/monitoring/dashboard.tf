# The route from left to right: above, how much comes through; below, what goes wrong or slow.

locals {
  # Athena counts each query once for its state, its type and its workgroup together.
  athena = "{AWS/Athena,QueryState,QueryType,WorkGroup} WorkGroup=\"${var.route.queries.workgroup}\""

  # What its clients are answered, by whatever stands before the collector.
  answers = concat(
    [for id in [var.route.collector.api_id] : ["AWS/ApiGateway", "5xx", "ApiId", id] if var.route.collector.entry == "api"],
    [for id in [var.route.collector.api_id] : ["AWS/ApiGateway", "Latency", "ApiId", id, { stat = "p99", yAxis = "right" }] if var.route.collector.entry == "api"],
    [for name in [var.route.collector.function_name] : ["AWS/Lambda", "Url5xxCount", "FunctionName", name] if var.route.collector.entry != "api"],
    [for name in [var.route.collector.function_name] : ["AWS/Lambda", "UrlRequestLatency", "FunctionName", name, { stat = "Maximum", yAxis = "right" }] if var.route.collector.entry != "api"],
  )

  stops = [
    {
      title = "Collector"
      flow = [
        [var.metrics_namespace, "MessagesAccepted", "service", "collector"],
        [var.metrics_namespace, "MessagesRefused", "service", "collector"],
        ["AWS/Lambda", "Invocations", "FunctionName", var.route.collector.function_name, { yAxis = "right" }],
      ]
      trouble = concat(local.answers, [
        ["AWS/Lambda", "Errors", "FunctionName", var.route.collector.function_name],
        ["AWS/Lambda", "Throttles", "FunctionName", var.route.collector.function_name],
        ["AWS/Lambda", "Duration", "FunctionName", var.route.collector.function_name, { stat = "p99", yAxis = "right" }],
      ])
    },
    {
      title = "Stream"
      flow  = [["AWS/Kinesis", "IncomingRecords", "StreamName", var.route.stream.name]]
      trouble = [
        ["AWS/Kinesis", "WriteProvisionedThroughputExceeded", "StreamName", var.route.stream.name],
        ["AWS/Kinesis", "ReadProvisionedThroughputExceeded", "StreamName", var.route.stream.name],
        [var.metrics_namespace, "StreamFailures", "service", "collector"],
        ["AWS/Kinesis", "IncomingBytes", "StreamName", var.route.stream.name, { yAxis = "right" }],
      ]
    },
    {
      title = "Writer"
      flow  = [[var.metrics_namespace, "Commits"]]
      trouble = [
        ["AWS/Lambda", "Errors", "FunctionName", var.route.writer.function_name],
        ["AWS/Lambda", "Throttles", "FunctionName", var.route.writer.function_name],
        ["AWS/Lambda", "IteratorAge", "FunctionName", var.route.writer.function_name, { stat = "Maximum", yAxis = "right" }],
        ["AWS/Lambda", "Duration", "FunctionName", var.route.writer.function_name, { stat = "Maximum", yAxis = "right" }],
      ]
    },
    {
      title = "Lake"
      flow  = [[var.metrics_namespace, "EventRows"]]
      trouble = [
        [var.metrics_namespace, "FailedRecords"],
        [var.metrics_namespace, "Covered"],
        [var.metrics_namespace, "Missing"],
        [var.metrics_namespace, "Repeats"],
        [var.metrics_namespace, "GivenUpBatches"],
        ["AWS/Lambda", "DestinationDeliveryFailures", "FunctionName", var.route.writer.function_name],
      ]
    },
    {
      title = "Queries"
      flow = [
        [{ label = "ProcessedBytes", expression = "SUM(SEARCH('${local.athena} MetricName=\"ProcessedBytes\"', 'Sum', 300))" }],
        ["AWS/Athena", "ProcessedBytes", "QueryState", "SUCCEEDED", "QueryType", "DML", "WorkGroup", var.route.queries.workgroup, { label = "ProcessedBytes of the largest", stat = "Maximum" }],
      ]
      trouble = [[{ label = "TotalExecutionTime", expression = "MAX(SEARCH('${local.athena} MetricName=\"TotalExecutionTime\"', 'Maximum', 300))" }]]
    },
  ]

  # Below the route, the sinks that are on.
  readers = { for name in ["archive", "history", "counts"] : name => var.route[name] if var.route[name] != null }
  sink_widgets = [
    for column, name in keys(local.readers) : {
      type   = "metric"
      x      = column * 8
      y      = 12
      width  = 8
      height = 6
      properties = {
        title = title(name)
        metrics = concat(
          [
            ["AWS/Lambda", "Invocations", "FunctionName", local.readers[name].function_name],
            ["AWS/Lambda", "Errors", "FunctionName", local.readers[name].function_name],
            ["AWS/Lambda", "IteratorAge", "FunctionName", local.readers[name].function_name, { stat = "Maximum", yAxis = "right" }],
          ],
          [for id in try(local.readers[name].event_source_mapping_id, null)[*] : ["AWS/Lambda", "OnFailureDestinationDeliveredEventCount", "EventSourceMappingUUID", id]],
          # Seconds, where an age is milliseconds.
          [for stream in try(local.readers[name].delivery_stream_name, null)[*] : ["AWS/Firehose", "DeliveryToS3.DataFreshness", "DeliveryStreamName", stream, { stat = "Maximum" }]],
        )
        region = var.account.region
        stat   = "Sum"
        period = 300
        view   = "timeSeries"
      }
    }
  ]

  # And below those, since most stacks poll nothing.
  poller_widgets = [
    for column, metrics in(length(local.polled) == 0 ? [] : [
      { title = "Poller", names = ["RecordsPolled", "MessagesSent", "MessagesRefused"], stat = "Sum" },
      { title = "Poller: trouble", names = ["PollFailures"], stat = "Sum" },
      { title = "Poller: lag and time", names = ["LagSeconds", "PollSeconds"], stat = "Maximum" },
      ]) : {
      type   = "metric"
      x      = column * 8
      y      = 18
      width  = 8
      height = 6
      properties = {
        title   = metrics.title
        metrics = [for pair in setproduct(metrics.names, local.polled) : [var.metrics_namespace, pair[0], "service", "poller", "source", pair[1]]]
        region  = var.account.region
        stat    = metrics.stat
        period  = 300
        view    = "timeSeries"
      }
    }
  ]

  # What looks after the route, or takes a part's place, as far as it is there.
  helpers = concat(
    [for name in var.route.maintenance[*].function_name : {
      title   = "Maintenance"
      metrics = [for metric in ["Invocations", "Errors"] : ["AWS/Lambda", metric, "FunctionName", name]]
      maximum = ["AWS/Lambda", "Duration", "FunctionName", name]
    }],
    [{
      title   = "Replay"
      metrics = [for metric in ["Invocations", "Errors"] : ["AWS/Lambda", metric, "FunctionName", var.route.replay.function_name]]
      maximum = ["AWS/Lambda", "Duration", "FunctionName", var.route.replay.function_name]
    }],
    [for name in var.route.canary[*].function_name : {
      title   = "Canary"
      metrics = [[var.metrics_namespace, "CanaryLost", "service", "canary"], ["AWS/Lambda", "Errors", "FunctionName", name]]
      maximum = [var.metrics_namespace, "CanarySeconds", "service", "canary"]
    }],
    [for name in var.route.reports[*].function_name : {
      title   = "Reports"
      metrics = [for metric in ["Invocations", "Errors", "Throttles"] : ["AWS/Lambda", metric, "FunctionName", name]]
      maximum = ["AWS/Lambda", "Duration", "FunctionName", name]
    }],
    [for committer in var.route.committer[*] : {
      title = "Committer"
      metrics = concat(
        [for metric in ["Invocations", "Errors"] : ["AWS/Lambda", metric, "FunctionName", committer.function_name]],
        [["AWS/SQS", "NumberOfMessagesSent", "QueueName", committer.queue_name]],
      )
      maximum = ["AWS/Lambda", "Duration", "FunctionName", committer.function_name]
    }],
    [for committer in var.route.committer[*] : {
      title   = "Committer: lag"
      metrics = []
      maximum = ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", committer.queue_name]
    }],
    [for cluster in var.route.cluster[*] : {
      title   = "Cluster"
      metrics = [["AWS/States", "ExecutionsFailed", "StateMachineArn", cluster.keeper_arn]]
      maximum = ["AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "StreamName", var.route.stream.name]
    }],
  )

  helper_widgets = [
    for number, helper in local.helpers : {
      type   = "metric"
      x      = number % 3 * 8
      y      = 24 + floor(number / 3) * 6
      width  = 8
      height = 6
      properties = {
        title   = helper.title
        metrics = concat(helper.metrics, [concat(helper.maximum, [{ stat = "Maximum", yAxis = "right" }])])
        region  = var.account.region
        stat    = "Sum"
        period  = 300
        view    = "timeSeries"
      }
    }
  ]

  # Four columns of five units and a last one of four fill the grid's 24.
  widgets = flatten([
    for column, stop in local.stops : [
      for row, part in ["flow", "trouble"] : {
        type   = "metric"
        x      = column * 5
        y      = row * 6
        width  = column < 4 ? 5 : 4
        height = 6
        properties = {
          title   = part == "flow" ? stop.title : "${stop.title}: trouble and time"
          metrics = stop[part]
          region  = var.account.region
          stat    = "Sum"
          period  = 300
          view    = "timeSeries"
        }
      }
    ]
  ])
}

resource "aws_cloudwatch_dashboard" "route" {
  count          = var.settings.dashboard ? 1 : 0
  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = concat(local.widgets, local.sink_widgets, local.poller_widgets, local.helper_widgets) })
}
