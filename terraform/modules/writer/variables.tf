variable "name" {
  description = "Name of the function and its role."
  type        = string
  nullable    = false
}

variable "image" {
  description = "The function's image in ECR, by tag or digest, and the processor that it is for."
  type = object({
    uri          = string
    architecture = string
  })
  nullable = false
}

variable "settings" {
  description = "The root module's `writer`."
  type = object({
    memory_mb            = number
    timeout_seconds      = number
    ephemeral_storage_mb = number
    snap_start           = bool
    enhanced_fan_out     = bool
    batch_size           = number
    window_seconds       = number
    max_retries          = number
    reserve_concurrency  = bool
    max_event_age_days   = number
    ip_policy            = string
    tracking_plan        = optional(string)
  })
  nullable = false
}

variable "is_relieved" {
  description = "Whether a cluster writes instead, and the mapping rests."
  type        = bool
  default     = false
  nullable    = false
}

variable "offers_queue" {
  description = "The queue on which commits are offered in staged mode; null if the writer commits by itself."
  type        = object({ url = string, arn = string })
  default     = null
}

variable "stream" {
  description = "The stream that batches come from; its shards are null if it grows by itself."
  type = object({
    arn             = string
    shards          = optional(number)
    retention_hours = number
  })
  nullable = false
}

variable "lake" {
  description = "The lake that rows are written to."
  type = object({
    database_name = string
    tables        = list(string)
    glue_arns     = list(string)
    warehouse     = string
    bucket        = object({ name = string, arn = string })
    prefixes = object({
      failed_batches = string
      failed_records = list(string)
      tracking_plans = string
    })
    may_change_tables = map(object({ actions = list(string), resources = list(string) }))
    table_arn_prefix  = string
  })
  nullable = false
}

variable "views" {
  description = "SQL of each view that Athena finds beside the tables, by its name."
  type        = map(string)
  nullable    = false
}

variable "topic_arn" {
  description = "Topic to notify of what could not become a row."
  type        = string
  nullable    = false
}

variable "roles" {
  description = "What every role has in common: its path, the boundary of its rights (null for none), and what its name ends with: all regions of an account share the names of roles."
  type = object({
    path                 = string
    permissions_boundary = optional(string)
    suffix               = optional(string, "")
  })
  default  = { path = "/" }
  nullable = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  nullable    = false
}

variable "tracing" {
  description = "Whether X-Ray traces invocations."
  type        = bool
  default     = false
  nullable    = false
}
