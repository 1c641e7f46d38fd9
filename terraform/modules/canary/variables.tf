variable "name" {
  description = "Name of the function, its role and its schedule."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Where the stack is."
  type        = object({ id = string, partition = string, region = string })
  nullable    = false
}

variable "zip" {
  description = "The collector's zip, which holds the canary's code."
  type        = object({ file = string, architecture = string })
  nullable    = false
}

variable "api_url" {
  description = "Where clients send events."
  type        = string
  nullable    = false
}

variable "queries" {
  description = "The workgroup that is asked."
  type        = object({ workgroup = string, workgroup_arn = string })
  nullable    = false
}

variable "lake" {
  description = "The lake whose table `events` is asked."
  type = object({
    database_name = string
    bucket        = object({ arn = string })
    prefixes      = object({ tables = string, query_results = string })
  })
  nullable = false
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the stack's own metrics."
  type        = string
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that the log is kept."
  type        = number
  nullable    = false
}

variable "tracing" {
  description = "Whether X-Ray traces invocations."
  type        = bool
  default     = false
  nullable    = false
}

variable "roles" {
  description = "What every role has in common."
  type = object({
    path                 = string
    permissions_boundary = optional(string)
    suffix               = string
  })
  nullable = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}
