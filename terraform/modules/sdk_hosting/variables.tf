variable "name" {
  description = "Name of the distribution's policies; the bucket's begins with it."
  type        = string
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

variable "bundle" {
  description = "Path of the SDK's bundle."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "The root module's `sdk_hosting`."
  type = object({
    older_bundles = list(string)
    price_class   = string
  })
  nullable = false
}
