variable "site" {
  description = "Folder of the website's files."
  type        = string
  nullable    = false
}

variable "hosting" {
  description = "The bucket and the address that serve it, and the browser SDK there."
  type        = object({ bucket_name = string, address = string, url = string })
  nullable    = false
}

variable "api_url" {
  description = "Where the website sends its events."
  type        = string
  nullable    = false
}

variable "write_key" {
  description = "The key that it sends with."
  type        = string
  nullable    = false
}

variable "queries" {
  description = "The workgroup that its instructions name."
  type        = object({ workgroup = string })
  nullable    = false
}

variable "lake" {
  description = "The lake whose database its instructions name, and whose bucket takes the visitors of a backfill."
  type = object({
    bucket        = object({ name = string })
    prefixes      = object({ demo = string })
    database_name = string
  })
  nullable = false
}

variable "reports_url" {
  description = "Where the reports are; null without them."
  type        = string
  default     = null
}
