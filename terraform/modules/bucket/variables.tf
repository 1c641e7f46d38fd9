variable "name" {
  description = "Name of the bucket."
  type        = string
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether a destroy deletes what is in the bucket."
  type        = bool
  nullable    = false
}

variable "readers" {
  description = "AWS services that may read every object, each for one resource of this account, by the statement's id."
  type = map(object({
    service    = string
    source_arn = string
  }))
  default  = {}
  nullable = false
}
