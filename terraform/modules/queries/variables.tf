variable "name" {
  description = "Name of the workgroup."
  type        = string
  nullable    = false
}

variable "database_name" {
  description = "Glue database of the tables."
  type        = string
  nullable    = false
}

variable "bucket_name" {
  description = "Bucket for query results."
  type        = string
  nullable    = false
}

variable "results_prefix" {
  description = "Prefix of query results in the bucket."
  type        = string
  nullable    = false
}

variable "scan_limit_gb" {
  description = "Gigabytes after which Athena stops a query."
  type        = number
  nullable    = false
}

variable "force_destroy" {
  description = "Whether a destroy deletes the workgroup with its queries' history."
  type        = bool
  nullable    = false
}
