variable "name" {
  description = "Name of the function, its role and its schedule."
  type        = string
  nullable    = false
}

variable "account" {
  description = "AWS account of the stack."
  type        = object({ id = string })
  nullable    = false
}

variable "writer" {
  description = "What the functions of the writer's image have in common."
  type = object({
    image                = object({ uri = string, architecture = string })
    memory_mb            = number
    ephemeral_storage_mb = number
    reserve_concurrency  = bool
    environment          = map(string)
    may_write_rows       = map(object({ actions = list(string), resources = list(string) }))
  })
  nullable = false
}

variable "lake" {
  description = "The lake that batches wait in, and rows are written to."
  type = object({
    bucket = object({ name = string, arn = string })
    prefixes = object({
      failed_batches   = string
      replayed_batches = string
    })
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

variable "backfill_from" {
  description = "Folders in S3 from which events may be written into the tables, and whether they are in the lake's own bucket; a prefix is empty or ends with a slash."
  type        = list(object({ bucket_arn = string, prefix = string, is_lake = optional(bool, false) }))
  nullable    = false
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
