output "versioned_url" {
  description = "This SDK and no other; caches keep it for a year."
  value       = "${local.address}/${local.versioned_keys.sdk}"
}

output "integrity" {
  description = "Digest of this SDK for a script tag's `integrity` attribute."
  value       = "sha256-${filebase64sha256(var.bundle)}"
}

output "url" {
  description = "The newest SDK; caches keep it for five minutes."
  value       = "${local.address}/${local.stems.sdk}.js"
}

output "extras" {
  description = "The extra scripts of this release and no others, by name: `url` and `integrity`."
  value = {
    for name, file in var.extras : name => {
      url       = "${local.address}/${local.versioned_keys[name]}"
      integrity = "sha256-${filebase64sha256(file)}"
    }
  }
}

output "api_url" {
  description = "Where clients send events through the distribution; null without the API behind it."
  value       = var.api == null ? null : "${local.address}${var.api.path_prefix}"
}

output "bucket_name" {
  description = "Bucket of what is served; the distribution alone may read it."
  value       = module.bucket.name
}

output "address" {
  description = "Where the bucket's objects are served; ends without a slash."
  value       = local.address
}

output "distribution_id" {
  description = "Id of the distribution."
  value       = aws_cloudfront_distribution.sdk.id
}
