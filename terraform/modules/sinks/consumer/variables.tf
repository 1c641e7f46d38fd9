variable "name" {
  description = "Name of the function and its role."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the function does, in a sentence."
  type        = string
  nullable    = false
}

variable "zip" {
  description = "The sinks' code: its path, and the processor that it is for."
  type        = object({ file = string, architecture = string })
  nullable    = false
}

variable "handler" {
  description = "The handler that Lambda calls."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "What the function reads its settings from, besides the age of events."
  type        = map(string)
  nullable    = false
}

variable "max_event_age_days" {
  description = "How old an event may be: the writer's setting, so that times agree."
  type        = number
  nullable    = false
}

variable "policy_name" {
  description = "Name of the role's policy."
  type        = string
  nullable    = false
}

variable "statements" {
  description = "What the function may do besides reading the stream, by the statements' ids."
  type        = map(object({ actions = list(string), resources = list(string) }))
  nullable    = false
}

variable "network" {
  description = "Subnets and security groups of a VPC that the function runs in; null for none."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null
}

variable "stream" {
  description = "The stream that is read."
  type        = object({ arn = string, retention_hours = number })
  nullable    = false
}

variable "window_seconds" {
  description = "How long the mapping collects a batch."
  type        = number
  nullable    = false
}

variable "failed_bucket_name" {
  description = "Name of the bucket for batches that the mapping gave up on."
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

variable "force_destroy" {
  description = "Whether a destroy deletes what is in the bucket."
  type        = bool
  nullable    = false
}
