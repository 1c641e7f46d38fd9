variable "name" {
  description = "Name of the function, its role and its API."
  type        = string
  nullable    = false
}

variable "zip_file" {
  description = "Path of the function's zip; a new path is new code."
  type        = string
  nullable    = false
}

variable "architecture" {
  description = "`arm64` or `x86_64`."
  type        = string
  nullable    = false
}

variable "memory_mb" {
  description = "Memory of the function."
  type        = number
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Most requests answered at a time; -1 for what the account has."
  type        = number
  nullable    = false
}

variable "entry" {
  description = "How requests come in: `api` or `function_url`."
  type        = string
  nullable    = false
}

variable "throttle" {
  description = "Requests that the API lets through a second, and at once."
  type = object({
    requests_per_second = number
    burst               = number
  })
  nullable = false
}

variable "domain" {
  description = "A domain for the API: its name, its certificate, and the hosted zone for its record, if any."
  type = object({
    name            = string
    certificate_arn = string
    hosted_zone_id  = optional(string)
  })
}

variable "allowed_origins" {
  description = "Origins whose pages may send events; `*` is any."
  type        = list(string)
  nullable    = false
}

variable "write_keys" {
  description = "App of each write key; none: any key is taken."
  type        = map(string)
  nullable    = false
}

variable "path_prefix" {
  description = "What every path begins with, like `/first-party`; may be empty."
  type        = string
  nullable    = false
}

variable "capture_headers" {
  description = "Names of the request headers kept with each event type, or with `*`."
  type        = map(list(string))
  nullable    = false
}

variable "trust_cloudfront" {
  description = "Whether CloudFront's headers are believed to say where a visitor is."
  type        = bool
  nullable    = false
}

variable "stream_name" {
  description = "Name of the stream."
  type        = string
  nullable    = false
}

variable "stream_arn" {
  description = "ARN of the stream."
  type        = string
  nullable    = false
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the stack's own metrics."
  type        = string
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  nullable    = false
}
