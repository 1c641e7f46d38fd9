# The route from left to right: above, how much comes through; below, what goes wrong or slow.

locals {
  stops = [
    {
      title = "Collector"
      flow  = [["AWS/Lambda", "Invocations", "FunctionName", var.collector_function_name]]
      trouble = [
        ["AWS/Lambda", "Errors", "FunctionName", var.collector_function_name],
        ["AWS/Lambda", "Throttles", "FunctionName", var.collector_function_name],
        ["AWS/Lambda", "Duration", "FunctionName", var.collector_function_name, { stat = "p99", yAxis = "right" }],
      ]
    },
    {
      title = "Stream"
      flow  = [["AWS/Kinesis", "IncomingRecords", "StreamName", var.stream_name]]
      trouble = [
        ["AWS/Kinesis", "WriteProvisionedThroughputExceeded", "StreamName", var.stream_name],
        ["AWS/Kinesis", "IncomingBytes", "StreamName", var.stream_name, { yAxis = "right" }],
      ]
    },
    {
      title = "Writer"
      flow  = [[local.namespace, "Commits"]]
      trouble = [
        ["AWS/Lambda", "Errors", "FunctionName", var.writer_function_name],
        ["AWS/Lambda", "IteratorAge", "FunctionName", var.writer_function_name, { stat = "Maximum", yAxis = "right" }],
        ["AWS/Lambda", "Duration", "FunctionName", var.writer_function_name, { stat = "Maximum", yAxis = "right" }],
      ]
    },
    {
      title = "Lake"
      flow  = [[local.namespace, "EventRows"]]
      trouble = [
        [local.namespace, "FailedRecords"],
        ["AWS/Lambda", "OnFailureDestinationDeliveredEventCount", "EventSourceMappingUUID", var.event_source_mapping_id],
        ["AWS/Lambda", "DroppedEventCount", "EventSourceMappingUUID", var.event_source_mapping_id],
      ]
    },
    {
      title   = "Queries"
      flow    = [["AWS/Athena", "ProcessedBytes", "WorkGroup", var.workgroup]]
      trouble = [["AWS/Athena", "TotalExecutionTime", "WorkGroup", var.workgroup, { stat = "Maximum" }]]
    },
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
          region  = var.region
          stat    = "Sum"
          period  = 300
          view    = "timeSeries"
        }
      }
    ]
  ])
}

resource "aws_cloudwatch_dashboard" "route" {
  count          = var.dashboard ? 1 : 0
  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = local.widgets })
}
