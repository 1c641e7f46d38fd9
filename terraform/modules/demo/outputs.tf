output "url" {
  description = "Where the website is."
  value       = "${var.hosting.address}/${local.folder}/"
}

output "backfill_from" {
  description = "URI of the folder that `headwater demo --outputs` puts visitors into."
  value       = "s3://${var.lake.bucket.name}/${var.lake.prefixes.demo}/"
}
