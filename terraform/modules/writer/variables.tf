variable "name" {
  description = "Name of the stack; functions and roles begin with it."
  type        = string
  nullable    = false
}

variable "image_uri" {
  description = "The function's image in ECR, by tag or digest."
  type        = string
  nullable    = false
}

variable "architecture" {
  description = "`arm64` or `x86_64`."
  type        = string
  nullable    = false
}

variable "memory_mb" {
  description = "Memory of the function; processors come with it."
  type        = number
  nullable    = false
}

variable "timeout_seconds" {
  description = "Longest that a batch may take."
  type        = number
  nullable    = false
}

variable "ephemeral_storage_mb" {
  description = "Size of the function's /tmp."
  type        = number
  nullable    = false
}

variable "snap_start" {
  description = "Whether instances start from a snapshot of a published version."
  type        = bool
  nullable    = false
}

variable "batch_size" {
  description = "Most stream records of a batch."
  type        = number
  nullable    = false
}

variable "window_seconds" {
  description = "Longest that a record waits for its batch to fill."
  type        = number
  nullable    = false
}

variable "max_retries" {
  description = "How often a failing batch is tried again before it is given up on."
  type        = number
  nullable    = false
}

variable "reserve_concurrency" {
  description = "Whether the account keeps room for the functions, and they take no more."
  type        = bool
  nullable    = false
}

variable "shards" {
  description = "Shards of the stream; null if it grows by itself."
  type        = number
}

variable "stream_retention_hours" {
  description = "Hours that the stream keeps a record."
  type        = number
  nullable    = false
}

variable "max_event_age_days" {
  description = "Age beyond which a client's time is not believed."
  type        = number
  nullable    = false
}

variable "ip_policy" {
  description = "What is kept of addresses: `full`, `truncated` or `none`."
  type        = string
  nullable    = false
}

variable "maintenance_schedule" {
  description = "When the tables are maintained, as EventBridge says it; null for never."
  type        = string
}

variable "tracking_plan" {
  description = "Path of the tracking plan, as YAML; null for none."
  type        = string
}

variable "alert_email" {
  description = "Who gets notices and alarms by mail; null for nobody."
  type        = string
}

variable "account_id" {
  description = "AWS account of the stack."
  type        = string
  nullable    = false
}

variable "stream_arn" {
  description = "ARN of the stream."
  type        = string
  nullable    = false
}

variable "database_name" {
  description = "Glue database of the tables."
  type        = string
  nullable    = false
}

variable "glue_arns" {
  description = "ARNs of catalog, database and tables."
  type        = list(string)
  nullable    = false
}

variable "warehouse" {
  description = "URI below which each table has a folder."
  type        = string
  nullable    = false
}

variable "bucket_name" {
  description = "Name of the data bucket."
  type        = string
  nullable    = false
}

variable "bucket_arn" {
  description = "ARN of the data bucket."
  type        = string
  nullable    = false
}

variable "lake_prefix" {
  description = "Prefix of the tables' files in the bucket."
  type        = string
  nullable    = false
}

variable "failed_batches_prefix" {
  description = "Prefix of batches that the mapping gave up on."
  type        = string
  nullable    = false
}

variable "replayed_batches_prefix" {
  description = "Prefix of such batches when they are written after all."
  type        = string
  nullable    = false
}

variable "failed_records_prefixes" {
  description = "Prefixes of what could not become a row, as files for people without SQL."
  type        = list(string)
  nullable    = false
}

variable "tracking_plans_prefix" {
  description = "Prefix of tracking plans."
  type        = string
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  nullable    = false
}
