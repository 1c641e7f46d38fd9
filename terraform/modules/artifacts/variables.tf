variable "source_root" {
  description = "The repository that everything is built from."
  type        = string
  nullable    = false
}

variable "architecture" {
  description = "`arm64` or `x86_64`."
  type        = string
  nullable    = false
}

variable "name" {
  description = "What the names of the ECR repositories for images built here begin with."
  type        = string
  nullable    = false
}

variable "has_poller" {
  description = "Whether the poller's image is needed."
  type        = bool
  nullable    = false
}

variable "account_id" {
  description = "AWS account of the stack."
  type        = string
  nullable    = false
}

variable "prebuilt" {
  description = "What is ready and is not built: the zips of collector, sinks, reports and cluster, the cluster's jars, the images of writer and poller, the SDK's bundle."
  type = object({
    api_zip          = optional(string)
    sinks_zip        = optional(string)
    reports_zip      = optional(string)
    cluster_zip      = optional(string)
    cluster_jars     = optional(list(string))
    writer_image_uri = optional(string)
    poller_image_uri = optional(string)
    browser_sdk      = optional(string)
  })
  nullable = false
}

variable "sinks" {
  description = "Whether a sink is on, whose code is needed."
  type        = bool
  default     = false
  nullable    = false
}

variable "reports" {
  description = "Whether the reports are on, whose code is needed."
  type        = bool
  default     = false
  nullable    = false
}

variable "cluster" {
  description = "Whether the cluster is on, whose code is needed."
  type        = bool
  default     = false
  nullable    = false
}
