variable "name" {
  description = "Name of the cluster, of the log and of the task's role; other names begin with it."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Where the stack is."
  type        = object({ id = string, partition = string, region = string })
  nullable    = false
}

variable "image" {
  description = "The poller's image: its URI in ECR, and the processor that it is for."
  type        = object({ uri = string, architecture = string })
  nullable    = false
}

variable "settings" {
  description = "The root module's `poller`."
  type = object({
    configs          = map(string)
    schedule         = optional(string)
    cpu              = number
    memory_mb        = number
    subnet_ids       = list(string)
    assign_public_ip = bool
    secrets          = map(string)
  })
  nullable = false
}

variable "stream" {
  description = "The stream that records go to."
  type        = object({ name = string, arn = string })
  nullable    = false
}

variable "bucket" {
  description = "Where configs and state are kept: the data bucket, and a prefix without a slash at the end."
  type        = object({ name = string, arn = string, prefix = string })
  nullable    = false
}

variable "metrics_namespace" {
  description = "CloudWatch namespace of the stack's own metrics."
  type        = string
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
