variable "name" {
  description = "Name of the stream."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "The root module's `stream`."
  type = object({
    mode            = string
    shards          = number
    retention_hours = number
  })
  nullable = false
}
