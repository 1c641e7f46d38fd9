variable "name" {
  description = "Name of the stack."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Where the stack is."
  type        = object({ region = string })
  nullable    = false
}

variable "settings" {
  description = "The root module's `monitoring`."
  type = object({
    alarms            = bool
    dashboard         = bool
    freshness_minutes = number
    failed_records    = number
  })
  nullable = false
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the stack's own metrics."
  type        = string
  nullable    = false
}

variable "route" {
  description = "The stops of the route; the collector's API is null behind a function URL, maintenance without a schedule, a sink, a canary, reports, a committer or a cluster that are off, and the poller without a config."
  type = object({
    collector = object({
      function_name = string
      entry         = string
      api_id        = optional(string)
    })
    stream      = object({ name = string })
    writer      = object({ function_name = string, log_group_name = string })
    committer   = optional(object({ function_name = string, queue_name = string }))
    maintenance = optional(object({ function_name = string }))
    replay      = object({ function_name = string, log_group_name = string })
    queries     = object({ workgroup = string, scan_limit_gb = number })
    poller      = optional(object({ sources = list(string) }))
    archive     = optional(object({ function_name = string, delivery_stream_name = string }))
    history     = optional(object({ function_name = string, event_source_mapping_id = string }))
    counts      = optional(object({ function_name = string, event_source_mapping_id = string }))
    canary      = optional(object({ function_name = string }))
    reports     = optional(object({ function_name = string }))
    cluster     = optional(object({ log_group_name = string, keeper_arn = string, writes = bool }))
  })
  nullable = false
}

variable "topic_arn" {
  description = "Topic that alarms tell."
  type        = string
  nullable    = false
}
