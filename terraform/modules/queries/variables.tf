variable "name" {
  description = "Name of the workgroup."
  type        = string
  nullable    = false
}

variable "lake" {
  description = "The lake that is queried, and takes the results."
  type = object({
    database_name = string
    bucket        = object({ name = string })
    prefixes      = object({ query_results = string })
  })
  nullable = false
}

variable "settings" {
  description = "The root module's `queries`."
  type = object({
    scan_limit_gb = number
  })
  nullable = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether a destroy deletes the workgroup with its queries' history."
  type        = bool
  nullable    = false
}
