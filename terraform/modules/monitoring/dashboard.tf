# The route from left to right: above, how much comes through; below, what goes wrong or slow.

locals {
  # Athena counts each query once for its state, its type and its workgroup together.
  athena = "{AWS/Athena,QueryState,QueryType,WorkGroup} WorkGroup=\"${var.route.queries.workgroup}\""

  stops = [
    {
      title = "Collector"
      flow = [
        [var.metrics_namespace, "MessagesAccepted", "service", "collector"],
        [var.metrics_namespace, "MessagesRefused", "service", "collector"],
        ["AWS/Lambda", "Invocations", "FunctionName", var.route.collector.function_name, { yAxis = "right" }],
      ]
      trouble = [
        ["AWS/Lambda", "Errors", "FunctionName", var.route.collector.function_name],
        ["AWS/Lambda", "Throttles", "FunctionName", var.route.collector.function_name],
        ["AWS/Lambda", "Duration", "FunctionName", var.route.collector.function_name, { stat = "p99", yAxis = "right" }],
      ]
    },
    {
      title = "Stream"
      flow  = [["AWS/Kinesis", "IncomingRecords", "StreamName", var.route.stream.name]]
      trouble = [
        ["AWS/Kinesis", "WriteProvisionedThroughputExceeded", "StreamName", var.route.stream.name],
        [var.metrics_namespace, "StreamFailures", "service", "collector"],
        ["AWS/Kinesis", "IncomingBytes", "StreamName", var.route.stream.name, { yAxis = "right" }],
      ]
    },
    {
      title = "Writer"
      flow  = [[var.metrics_namespace, "Commits"]]
      trouble = [
        ["AWS/Lambda", "Errors", "FunctionName", var.route.writer.function_name],
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
        ["AWS/Lambda", "OnFailureDestinationDeliveredEventCount", "EventSourceMappingUUID", var.route.writer.event_source_mapping_id],
        ["AWS/Lambda", "DroppedEventCount", "EventSourceMappingUUID", var.route.writer.event_source_mapping_id],
      ]
    },
    {
      title   = "Queries"
      flow    = [[{ label = "ProcessedBytes", expression = "SUM(SEARCH('${local.athena} MetricName=\"ProcessedBytes\"', 'Sum', 300))" }]]
      trouble = [[{ label = "TotalExecutionTime", expression = "MAX(SEARCH('${local.athena} MetricName=\"TotalExecutionTime\"', 'Maximum', 300))" }]]
    },
  ]

  # Below the route, the sinks that are on.
  readers = { for name in ["archive", "history", "counts"] : name => var.route[name].function_name if var.route[name] != null }
  sink_widgets = [
    for column, name in keys(local.readers) : {
      type   = "metric"
      x      = column * 8
      y      = 12
      width  = 8
      height = 6
      properties = {
        title = title(name)
        metrics = [
          ["AWS/Lambda", "Invocations", "FunctionName", local.readers[name]],
          ["AWS/Lambda", "Errors", "FunctionName", local.readers[name]],
          ["AWS/Lambda", "IteratorAge", "FunctionName", local.readers[name], { stat = "Maximum", yAxis = "right" }],
        ]
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

  canary_widgets = [
    for name in var.route.canary[*].function_name : {
      type   = "metric"
      x      = 0
      y      = 24
      width  = 8
      height = 6
      properties = {
        title = "Canary"
        metrics = [
          [var.metrics_namespace, "CanaryLost", "service", "canary"],
          [var.metrics_namespace, "CanarySeconds", "service", "canary", { stat = "Maximum", yAxis = "right" }],
          ["AWS/Lambda", "Errors", "FunctionName", name],
        ]
        region = var.account.region
        stat   = "Sum"
        period = 300
        view   = "timeSeries"
      }
    }
  ]

  committer_widgets = [
    for committer in var.route.committer[*] : {
      type   = "metric"
      x      = 8
      y      = 24
      width  = 8
      height = 6
      properties = {
        title = "Committer"
        metrics = [
          ["AWS/Lambda", "Invocations", "FunctionName", committer.function_name],
          ["AWS/Lambda", "Errors", "FunctionName", committer.function_name],
          ["AWS/Lambda", "Duration", "FunctionName", committer.function_name, { stat = "Maximum", yAxis = "right" }],
          ["AWS/SQS", "NumberOfMessagesSent", "QueueName", committer.queue_name],
        ]
        region = var.account.region
        stat   = "Sum"
        period = 300
        view   = "timeSeries"
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
  dashboard_body = jsonencode({ widgets = concat(local.widgets, local.sink_widgets, local.poller_widgets, local.canary_widgets, local.committer_widgets) })
}
