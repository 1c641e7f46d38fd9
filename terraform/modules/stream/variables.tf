variable "name" {
  description = "Name of the stream."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "The root module's `stream`."
  type = object({
    mode            = string
    shards          = number
    retention_hours = number
  })
  nullable = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}
