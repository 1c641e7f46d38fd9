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
