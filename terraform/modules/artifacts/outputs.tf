# Each waits for its build: whoever uses it finds it made.

output "api_zip" {
  description = "Path of the collector's zip."
  value       = local.builds_api ? local.api_zip : var.prebuilt.api_zip
  depends_on  = [terraform_data.api_zip]
}

output "writer_image_uri" {
  description = "The writer's image."
  value       = local.builds_writer ? local.image_uri : var.prebuilt.writer_image_uri
  depends_on  = [terraform_data.writer_image, data.aws_ecr_image.prebuilt_writer_image_uri]
}

output "browser_sdk" {
  description = "Path of the browser SDK's bundle, which the repository carries ready-made."
  value       = coalesce(var.prebuilt.browser_sdk, "${var.source_root}/browser-sdk/dist/headwater.js")
}
