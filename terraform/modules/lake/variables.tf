variable "name" {
  description = "Name of the stack; bucket, database and roles are named after it."
  type        = string
  nullable    = false
}

variable "names" {
  description = "The root module's `names`, as far as the lake goes."
  type        = object({ data_bucket = optional(string), database = optional(string) })
  default     = {}
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

variable "settings" {
  description = "The root module's `lake`."
  type = object({
    noncurrent_days = number
    failed_days     = number
  })
  nullable = false
}

variable "query_results_days" {
  description = "Days that query results are kept."
  type        = number
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether a destroy deletes the events in the bucket."
  type        = bool
  nullable    = false
}
