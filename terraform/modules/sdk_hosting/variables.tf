variable "name" {
  description = "Name of the distribution's policies."
  type        = string
  nullable    = false
}

variable "bucket_name" {
  description = "Name of the bucket."
  type        = string
  nullable    = false
}

variable "bundle" {
  description = "Path of the SDK's bundle."
  type        = string
  nullable    = false
}

variable "older_bundles" {
  description = "Paths of earlier bundles that pages still name by their digest."
  type        = list(string)
  nullable    = false
}

variable "price_class" {
  description = "CloudFront's price class."
  type        = string
  nullable    = false
}

variable "partition" {
  description = "AWS partition of the stack."
  type        = string
  nullable    = false
}
