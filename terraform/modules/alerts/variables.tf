variable "name" {
  description = "Name of the topic."
  type        = string
  nullable    = false
}

variable "email" {
  description = "Address that gets everything by mail; null for none."
  type        = string
  default     = null
}

variable "monthly_budget_usd" {
  description = "Dollars a month beyond which the account's bill is told of by mail; null for never."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || var.email != null
    error_message = "a budget needs an email to tell."
  }
}
