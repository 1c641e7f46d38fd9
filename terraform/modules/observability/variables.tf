variable "name" {
  description = "Name of the cluster, of the log and of the task's role; other names begin with it."
  type        = string
  nullable    = false
}

variable "name_of_the_stack" {
  description = "Name of the stack that is watched."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Where the stack is."
  type        = object({ id = string, partition = string, region = string })
  nullable    = false
}

variable "docs" {
  description = "Path of the repository's docs, which have images, settings and dashboards."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "The root module's `observability`."
  type = object({
    password_secret_arn = string
    subnet_ids          = list(string)
    assign_public_ip    = bool
    cpu                 = number
    memory_mb           = number
    counts_secret_arn   = optional(string)
  })
  nullable = false
}

variable "queries" {
  description = "The workgroup that panels ask."
  type        = object({ workgroup = string, workgroup_arn = string })
  nullable    = false
}

variable "lake" {
  description = "The lake that is asked, and takes the results."
  type = object({
    database_name = string
    glue_arns     = list(string)
    prefixes      = object({ tables = string, query_results = string })
  })
  nullable = false
}

variable "bucket" {
  description = "Where the task's files are kept: the data bucket, and a prefix without a slash at the end."
  type        = object({ name = string, arn = string, prefix = string })
  nullable    = false
}

variable "counts" {
  description = "The database of the counts and its security group; null if panels do not ask it."
  type        = object({ address = string, port = number, name = string, security_group_id = string })
  default     = null
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
