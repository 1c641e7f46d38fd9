variable "name" {
  description = "Name of the stream."
  type        = string
  nullable    = false
}

variable "mode" {
  description = "`provisioned` or `on_demand`."
  type        = string
  nullable    = false
}

variable "shards" {
  description = "Shards of a provisioned stream: each takes 1 MB/s or 1,000 records/s."
  type        = number
  nullable    = false
}

variable "retention_hours" {
  description = "Hours that the stream keeps a record."
  type        = number
  nullable    = false
}
