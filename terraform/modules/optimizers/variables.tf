variable "name" {
  description = "Name of the optimizers' role."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Where the stack is: the AWS account's id, its partition and the region."
  type = object({
    id        = string
    partition = string
    region    = string
  })
  nullable = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
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

variable "lake" {
  description = "The lake whose tables are optimized."
  type = object({
    database_name = string
    glue_arns     = list(string)
    bucket        = object({ arn = string })
    prefixes      = object({ tables = string })
  })
  nullable = false
}

variable "tables" {
  description = "Names of the tables, which must exist."
  type        = list(string)
  nullable    = false
}
