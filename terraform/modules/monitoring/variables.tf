variable "name" {
  description = "Name of the stack."
  type        = string
  nullable    = false
}

variable "region" {
  description = "AWS region of the stack."
  type        = string
  nullable    = false
}

variable "alarms" {
  description = "Whether there are alarms."
  type        = bool
  nullable    = false
}

variable "topic_arn" {
  description = "Topic that alarms tell."
  type        = string
  nullable    = false
}

variable "dashboard" {
  description = "Whether there is a dashboard."
  type        = bool
  nullable    = false
}

variable "freshness_minutes" {
  description = "How long events may arrive without a row being written: a multiple of 5."
  type        = number
  nullable    = false
}

variable "failed_records" {
  description = "How many records may fail within five minutes without an alarm."
  type        = number
  nullable    = false
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the stack's own metrics."
  type        = string
  nullable    = false
}

variable "collector_function_name" {
  description = "Name of the collector's function."
  type        = string
  nullable    = false
}

variable "has_api" {
  description = "Whether an HTTP API stands before the collector."
  type        = bool
  nullable    = false
}

variable "api_id" {
  description = "Id of the collector's HTTP API; null without one."
  type        = string
}

variable "stream_name" {
  description = "Name of the stream."
  type        = string
  nullable    = false
}

variable "writer_function_name" {
  description = "Name of the writer's function."
  type        = string
  nullable    = false
}

variable "maintains" {
  description = "Whether the tables are maintained on a schedule."
  type        = bool
  nullable    = false
}

variable "maintenance_function_name" {
  description = "Name of the maintenance function; null without a schedule."
  type        = string
}

variable "replay_function_name" {
  description = "Name of the function that puts failed batches through again."
  type        = string
  nullable    = false
}

variable "writer_log_group_name" {
  description = "Name of the writer's log group."
  type        = string
  nullable    = false
}

variable "event_source_mapping_id" {
  description = "UUID of the mapping from the stream to the writer."
  type        = string
  nullable    = false
}

variable "workgroup" {
  description = "Name of the Athena workgroup."
  type        = string
  nullable    = false
}
