output "versioned_url" {
  description = "This SDK and no other; caches keep it for a year."
  value       = "https://${aws_cloudfront_distribution.sdk.domain_name}/${local.versioned_key}"
}

output "integrity" {
  description = "Digest of this SDK for a script tag's `integrity` attribute."
  value       = "sha256-${filebase64sha256(var.bundle)}"
}

output "url" {
  description = "The newest SDK; caches keep it for five minutes."
  value       = "https://${aws_cloudfront_distribution.sdk.domain_name}/${local.stable_key}"
}

output "distribution_id" {
  description = "Id of the distribution."
  value       = aws_cloudfront_distribution.sdk.id
}
