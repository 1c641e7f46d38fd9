output "name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.bucket.bucket

  # Whoever writes here finds the bucket closed to everyone else, and nothing overwritten for good.
  depends_on = [
    aws_s3_bucket_versioning.bucket,
    aws_s3_bucket_policy.bucket,
    aws_s3_bucket_ownership_controls.bucket,
    aws_s3_bucket_server_side_encryption_configuration.bucket,
  ]
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.bucket.arn
}

# Waits for nothing but the bucket: a distribution is named by the policy, and needs it first.
output "regional_domain_name" {
  description = "The bucket's domain in its region, for CloudFront."
  value       = aws_s3_bucket.bucket.bucket_regional_domain_name
}
