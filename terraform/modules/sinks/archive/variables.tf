variable "name" {
  description = "Name of the delivery stream, of its function and, as its beginning, of their roles."
  type        = string
  nullable    = false
}

variable "bucket_name" {
  description = "Name of the archive's bucket."
  type        = string
  nullable    = false
}

variable "account" {
  description = "AWS account of the stack."
  type        = object({ id = string })
  nullable    = false
}

variable "settings" {
  description = "The root module's `archive`."
  type = object({
    buffer_mb      = number
    buffer_seconds = number
    days           = optional(number)
    first_hour     = string
  })
  nullable = false
}

variable "zip" {
  description = "The sinks' code: its path, and the processor that it is for."
  type        = object({ file = string, architecture = string })
  nullable    = false
}

variable "stream" {
  description = "The stream that is archived."
  type        = object({ arn = string })
  nullable    = false
}

variable "database_name" {
  description = "Glue database that gets the table."
  type        = string
  nullable    = false
}

variable "ip_policy" {
  description = "What is kept of addresses: the writer's setting."
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
  description = "Whether a destroy deletes the archive."
  type        = bool
  nullable    = false
}
