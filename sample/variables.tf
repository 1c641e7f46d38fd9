variable "name" {
  description = "Name of the stack; every resource's name begins with it."
  type        = string
}
