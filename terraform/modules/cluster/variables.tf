variable "name" {
  description = "Name of the application, its log, its keeper and the job's role; other names begin with it."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Where the stack is."
  type        = object({ id = string, partition = string, region = string })
  nullable    = false
}

variable "code" {
  description = "What runs: paths of the zip and of the jars, and the processor that they are for."
  type = object({
    zip          = string
    jars         = list(string)
    architecture = string
  })
  nullable = false
}

variable "settings" {
  description = "The root module's `cluster`."
  type = object({
    writes        = bool
    subnet_ids    = list(string)
    max_vcpu      = number
    round_seconds = number
  })
  nullable = false
}

variable "writer" {
  description = "What the cluster has of the writer: its settings, and what may be done that writes rows."
  type = object({
    environment    = map(string)
    may_write_rows = map(object({ actions = list(string), resources = list(string) }))
  })
  nullable = false
}

variable "stream" {
  description = "The stream that is read."
  type        = object({ name = string, arn = string })
  nullable    = false
}

variable "lake" {
  description = "Whose bucket the code is kept in."
  type = object({
    bucket   = object({ name = string, arn = string })
    prefixes = object({ cluster = string })
  })
  nullable = false
}

variable "may_read_sources" {
  description = "Statements, by id, that let the job read what it backfills."
  type        = map(object({ actions = list(string), resources = list(string) }))
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days that the log is kept."
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
