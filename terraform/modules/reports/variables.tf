variable "name" {
  description = "Name of the API, the function and its role."
  type        = string
  nullable    = false
}

variable "zip" {
  description = "The function's zip, and the processor that it is for."
  type        = object({ file = string, architecture = string })
  nullable    = false
}

variable "settings" {
  description = "The root module's `reports`."
  type = object({
    login = object({
      issuer        = string
      client_id     = string
      authorize_url = string
      token_url     = string
      scope         = string
    })
    rights        = optional(object({ claim = string, apps = map(list(string)) }))
    reuse_minutes = number
    concurrency   = optional(number)
    throttle      = object({ requests_per_second = number, burst = number })
    domain = optional(object({
      name            = string
      certificate_arn = string
      hosted_zone_id  = optional(string)
    }))
  })
  nullable = false
}

variable "queries" {
  description = "The workgroup that has the questions prepared."
  type        = object({ workgroup = string, workgroup_arn = string })
  nullable    = false
}

variable "lake" {
  description = "The lake that is asked, and takes the results."
  type = object({
    database_name = string
    glue_arns     = list(string)
    bucket        = object({ arn = string })
    prefixes      = object({ tables = string, query_results = string })
  })
  nullable = false
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
