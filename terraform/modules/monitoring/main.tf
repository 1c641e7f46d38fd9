# What the writer says in its log, as metrics of this stack: `published` once a commit, with rows by
# table, how many it left out as covered by a ledger or as repeats of an event, and how many of a
# sample of the covered ones were not there (headwater_writer/handler.py). Each is paid for, so each is
# read by an alarm or by the dashboard; docs/metrics.md has what else the log says.
locals {
  log_metrics = {
    Commits       = { pattern = "{ $.message = \"published\" }", value = "1" }
    EventRows     = { pattern = "{ $.message = \"published\" && $.rows.events > 0 }", value = "$.rows.events" }
    FailedRecords = { pattern = "{ $.message = \"published\" && $.rows.failed_records > 0 }", value = "$.rows.failed_records" }
    Covered       = { pattern = "{ $.message = \"published\" && $.covered > 0 }", value = "$.covered" }
    Missing       = { pattern = "{ $.message = \"published\" && $.missing > 0 }", value = "$.missing" }
    Repeats       = { pattern = "{ $.message = \"published\" && $.repeats > 0 }", value = "$.repeats" }
  }

  # The mapping's own counts of what it gave up on come with those of all that it did, which are paid for
  # each month.
  replay_metrics = {
    GivenUpBatches = { pattern = "{ $.message = \"given up\" && $.batches > 0 }", value = "$.batches" }
  }
}

# The cluster says the same of each of its commits.
resource "aws_cloudwatch_log_metric_filter" "cluster" {
  for_each = { for name, metric in local.log_metrics : name => metric if var.route.cluster != null }

  name           = each.key
  log_group_name = var.route.cluster.log_group_name
  pattern        = each.value.pattern

  metric_transformation {
    namespace = var.metrics_namespace
    name      = each.key
    value     = each.value.value
    unit      = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "writer" {
  for_each = local.log_metrics

  name           = each.key
  log_group_name = var.route.writer.log_group_name
  pattern        = each.value.pattern

  metric_transformation {
    namespace = var.metrics_namespace
    name      = each.key
    value     = each.value.value
    unit      = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "replay" {
  for_each = local.replay_metrics

  name           = each.key
  log_group_name = var.route.replay.log_group_name
  pattern        = each.value.pattern

  metric_transformation {
    namespace = var.metrics_namespace
    name      = each.key
    value     = each.value.value
    unit      = "Count"
  }
}
