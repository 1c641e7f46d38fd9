variable "name" {
  description = "Name of the stack; roles begin with it."
  type        = string
  nullable    = false
}

variable "bucket_name" {
  description = "Name of the bucket."
  type        = string
  nullable    = false
}

variable "database_name" {
  description = "Name of the Glue database."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "AWS account of the stack."
  type        = string
  nullable    = false
}

variable "partition" {
  description = "AWS partition of the stack."
  type        = string
  nullable    = false
}

variable "region" {
  description = "AWS region of the stack."
  type        = string
  nullable    = false
}

variable "noncurrent_days" {
  description = "Days that the bucket keeps what was overwritten or deleted."
  type        = number
  nullable    = false
}

variable "failed_days" {
  description = "Days that files of failed records, and batches that were given up on, are kept."
  type        = number
  nullable    = false
}

variable "glue_optimizers" {
  description = "Whether Glue's table optimizers maintain the tables; the tables must exist."
  type        = bool
  nullable    = false
}

variable "query_results_prefix" {
  description = "Where in the bucket query results are put."
  type        = string
  nullable    = false
}

variable "query_results_days" {
  description = "Days that query results are kept."
  type        = number
  nullable    = false
}

variable "force_destroy" {
  description = "Whether a destroy deletes the events in the bucket."
  type        = bool
  nullable    = false
}
