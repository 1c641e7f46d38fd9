# Each waits for its build: whoever uses it finds it made.

output "api_zip" {
  description = "The collector's zip: its path, and the processor that it is for."
  depends_on  = [terraform_data.api_zip]
  value = {
    file         = local.builds_api ? local.api_zip : var.prebuilt.api_zip
    architecture = var.architecture
  }
}

output "sinks_zip" {
  description = "The sinks' zip: its path, and the processor that it is for."
  depends_on  = [terraform_data.sinks_zip]
  value = {
    file         = coalesce(var.prebuilt.sinks_zip, local.sinks_zip)
    architecture = var.architecture
  }
}

output "reports_zip" {
  description = "The reports' zip: its path, and the processor that it is for."
  depends_on  = [terraform_data.reports_zip]
  value = {
    file         = coalesce(var.prebuilt.reports_zip, local.reports_zip)
    architecture = var.architecture
  }
}

output "cluster_code" {
  description = "What runs on the cluster: paths of the zip and of the jars, and the processor that they are for."
  depends_on  = [terraform_data.cluster_zip, terraform_data.cluster_jars]
  value = {
    zip          = coalesce(var.prebuilt.cluster_zip, local.cluster_zip)
    jars         = var.prebuilt.cluster_jars == null ? local.cluster_jars : var.prebuilt.cluster_jars
    architecture = var.architecture
  }
}

output "writer_image" {
  description = "The writer's image: its URI, and the processor that it is for."
  depends_on  = [terraform_data.image, data.aws_ecr_image.prebuilt_writer_image_uri]
  value = {
    uri          = local.builds_image.writer ? local.image_uris.writer : var.prebuilt.writer_image_uri
    architecture = var.architecture
  }
}

output "poller_image" {
  description = "The poller's image: its URI, null without a poller, and the processor that it is for."
  depends_on  = [terraform_data.image]
  value = {
    uri          = local.builds_image.poller ? local.image_uris.poller : var.prebuilt.poller_image_uri
    architecture = var.architecture
  }
}

output "browser_sdk_extras" {
  description = "Paths of the browser SDK's extra scripts, by name."
  value = {
    for name in ["web-vitals", "errors"] : name => "${var.source_root}/browser-sdk/dist/headwater-${name}.js"
  }
}

output "demo_site" {
  description = "Folder of the demo website."
  value       = "${var.source_root}/local/src/headwater_local/website/demo"
}

output "browser_sdk" {
  description = "Path of the browser SDK's bundle, which the repository carries ready-made."
  value       = coalesce(var.prebuilt.browser_sdk, "${var.source_root}/browser-sdk/dist/headwater.js")
}
