variable "name" {
  description = "Name of the topic."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Region of the stack."
  type        = object({ region = string })
  nullable    = false
}

variable "email" {
  description = "Address that gets everything by mail; null for none."
  type        = string
  default     = null
}

variable "monthly_budget_usd" {
  description = "Dollars a month beyond which AWS mails that the account's bill is more; null for never."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || var.email != null
    error_message = "monthly_budget_usd needs an email to notify."
  }
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts what is kept; null for AWS's own keys."
  type        = string
  default     = null
}
