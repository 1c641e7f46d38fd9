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

variable "extras" {
  description = "Paths of the SDK's extra scripts, by name."
  type        = map(string)
  nullable    = false
}

variable "settings" {
  description = "The root module's `sdk_hosting`."
  type = object({
    older_bundles = list(string)
    price_class   = string
    file_name     = string
    domain = optional(object({
      name            = string
      certificate_arn = string
      hosted_zone_id  = optional(string)
    }))
  })
  nullable = false
}

variable "api" {
  description = "The API that is put behind the distribution as well, if any: its host, what its paths begin with, and the secret by which it recognises the distribution's requests."
  type = object({
    host        = string
    path_prefix = string
    secret      = string
  })
  default = null
}
