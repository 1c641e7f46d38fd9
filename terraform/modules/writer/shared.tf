# What the functions of the writer's image have in common: each reads the same settings
# (headwater_writer/settings.py), and replay writes rows as the writer does.

locals {
  environment = merge(
    {
      GLUE_DATABASE         = var.lake.database_name
      WAREHOUSE             = var.lake.warehouse
      CONSUMER_GROUP        = "writer"
      MAX_EVENT_AGE_DAYS    = tostring(var.settings.max_event_age_days)
      IP_POLICY             = var.settings.ip_policy
      FAILED_RECORDS_PREFIX = "s3://${var.lake.bucket.name}"
      FAILURES_TOPIC_ARN    = var.topic_arn
    },
    { for plan in aws_s3_object.tracking_plan : "TRACKING_PLAN" => "s3://${plan.bucket}/${plan.key}" },
  )
}
