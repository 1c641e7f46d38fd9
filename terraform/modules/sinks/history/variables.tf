variable "name" {
  description = "Name of the table, the function and its role."
  type        = string
  nullable    = false
}

variable "failed_bucket_name" {
  description = "Name of the bucket for batches that the mapping gave up on."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "The root module's `history`."
  type = object({
    ttl_days           = number
    write_shards       = number
    read_keys_sha256   = list(string)
    reader_concurrency = optional(number)
  })
  nullable = false
}

variable "zip" {
  description = "The sinks' code: its path, and the processor that it is for."
  type        = object({ file = string, architecture = string })
  nullable    = false
}

variable "stream" {
  description = "The stream that is read."
  type        = object({ arn = string, retention_hours = number })
  nullable    = false
}

variable "collector" {
  description = "What stands before the collector: the API that gets the route; null for both ids behind a function URL."
  type = object({
    entry             = string
    api_id            = optional(string)
    api_execution_arn = optional(string)
    allowed_origins   = list(string)
    path_prefix       = string
  })
  nullable = false
}

variable "max_event_age_days" {
  description = "How old an event may be: the writer's setting, so that times agree."
  type        = number
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

variable "force_destroy" {
  description = "Whether a destroy deletes the table, and what is in the bucket."
  type        = bool
  nullable    = false
}
