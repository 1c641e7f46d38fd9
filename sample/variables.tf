variable "name" {
  description = "Name of the stack; every resource's name begins with it."
  type        = string
}

variable "demo" {
  description = "Whether a small website that sends events is put up, with instructions beside it."
  type        = bool
  default     = false
}

variable "architecture" {
  description = "Processor of the functions, `arm64` or `x86_64`; null for that of the machine that builds."
  type        = string
  default     = null
}
