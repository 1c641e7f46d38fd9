variable "name" {
  description = "Name of the function, its role and its API."
  type        = string
  nullable    = false
}

variable "zip" {
  description = "The function's code: its path, where a new path is new code, and the processor that it is for."
  type = object({
    file         = string
    architecture = string
  })
  nullable = false
}

variable "settings" {
  description = "The root module's `collector`."
  type = object({
    entry                = string
    memory_mb            = number
    reserved_concurrency = number
    throttle = object({
      requests_per_second = number
      burst               = number
    })
    domain = optional(object({
      name            = string
      certificate_arn = string
      hosted_zone_id  = optional(string)
    }))
    allowed_origins  = list(string)
    write_keys       = map(string)
    import_keys      = map(string)
    path_prefix      = string
    capture_headers  = map(list(string))
    trust_cloudfront = bool
    gpc_policy       = string
  })
  nullable = false
}

variable "stream" {
  description = "The stream that events are put on."
  type = object({
    name = string
    arn  = string
  })
  nullable = false
}

variable "edge_secret" {
  description = "What the stack's own distribution adds to each request, which shows that it is the one that names the visitor; empty without one."
  type        = string
  nullable    = false
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the stack's own metrics."
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
