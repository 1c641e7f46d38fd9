variable "name" {
  description = "Name of the database, the function and its role."
  type        = string
  nullable    = false
}

variable "account" {
  description = "AWS account of the stack, and its region."
  type        = object({ id = string, region = string })
  nullable    = false
}

variable "failed_bucket_name" {
  description = "Name of the bucket for batches that the mapping gave up on."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "The root module's `counts`."
  type = object({
    instance_class            = string
    storage_gb                = number
    multi_az                  = bool
    backup_days               = number
    reader_security_group_ids = list(string)
    network = optional(object({
      vpc_id               = string
      subnet_ids           = list(string)
      has_secrets_endpoint = bool
    }))
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
  description = "Whether a destroy deletes the database without a last snapshot, and what is in the bucket."
  type        = bool
  nullable    = false
}
