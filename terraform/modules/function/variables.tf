variable "name" {
  description = "Name of the function, of its role and of its schedule."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the function does, in a sentence."
  type        = string
  nullable    = false
}

variable "zip" {
  description = "The function's code as a zip, in place of an image; a new path is new code."
  type = object({
    file         = string
    architecture = string
    handler      = string
    runtime      = string
  })
  default = null
}

variable "image" {
  description = "The function's code as an image in ECR, in place of a zip; a command of its own replaces the image's."
  type = object({
    uri          = string
    architecture = string
    command      = optional(list(string))
  })
  default = null

  validation {
    condition     = (var.image == null) != (var.zip == null)
    error_message = "a function is either a zip or an image."
  }
}

variable "limits" {
  description = <<-EOT
    What the function may take.

    - `memory_mb`: memory; processors come with it.
    - `timeout_seconds`: longest that an invocation may take.
    - `ephemeral_storage_mb`: size of /tmp.
    - `concurrency`: how many may run at a time, and the room that the account keeps for them; null for what the account has.
  EOT
  type = object({
    memory_mb            = number
    timeout_seconds      = number
    ephemeral_storage_mb = optional(number, 512)
    concurrency          = optional(number)
  })
  nullable = false
}

variable "environment" {
  description = "What the function reads its settings from."
  type        = map(string)
  nullable    = false
}

variable "network" {
  description = "Subnets and security groups of a VPC that the function runs in; null for none."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
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

variable "policy" {
  description = "What the function may do besides writing its log: the policy's name, and its statements by their ids."
  type = object({
    name = string
    statements = map(object({
      actions   = list(string)
      resources = list(string)
    }))
  })
  nullable = false
}

variable "schedule" {
  description = "When EventBridge invokes the function, and with which event; null for never."
  type = object({
    expression  = string
    description = string
    input       = string
  })
  default = null
}

variable "asynchronous" {
  description = "How often Lambda retries an asynchronous invocation, and how long one may wait; null for Lambda's own numbers."
  type = object({
    max_retries     = number
    max_age_seconds = number
  })
  default = null
}

variable "snap_start" {
  description = "Whether instances start from a snapshot of a published version, which the alias `live` names."
  type        = bool
  default     = false
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}

variable "log_successes" {
  description = "Whether Lambda logs the start, the end and the report of each invocation, or only of those that fail."
  type        = bool
  default     = true
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
