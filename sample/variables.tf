variable "name" {
  description = "Name of the stack; every resource's name begins with it."
  type        = string
}

variable "architecture" {
  description = "Processor of the functions, `arm64` or `x86_64`; null for that of the machine that builds."
  type        = string
  default     = null
}
