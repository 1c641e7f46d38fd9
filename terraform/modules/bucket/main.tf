resource "aws_s3_bucket" "bucket" {
  # checkov:skip=CKV_AWS_18:Access logs cost more than the bucket; CloudTrail's data events record reads (docs/security.md).
  # checkov:skip=CKV_AWS_144:One region is what is paid for; whoever wants another replicates the bucket.
  # checkov:skip=CKV_AWS_145:S3's own key encrypts it; a customer-managed key costs $1 a month and a charge for each request, and keeps out nobody that the policies allow.
  # checkov:skip=CKV2_AWS_61:How long objects stay is said where the bucket is used, which checkov loses sight of two modules up.
  # checkov:skip=CKV2_AWS_62:Replay is notified of batches that were given up on; nothing waits for other objects.

  bucket        = var.name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_ownership_controls" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  rule {
    # S3 derives a key for the bucket from it, and asks KMS now and then instead of for each object.
    bucket_key_enabled = var.key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  versioning_configuration {
    status = "Enabled"
  }
}

locals {
  reads = [
    for id, reader in var.readers : {
      Sid       = id
      Effect    = "Allow"
      Principal = { Service = reader.service }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.bucket.arn}/*"
      Condition = { StringEquals = { "aws:SourceArn" = reader.source_arn } }
    }
  ]

  tls_only = {
    Sid       = "TlsOnly"
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:*"
    Resource  = [aws_s3_bucket.bucket.arn, "${aws_s3_bucket.bucket.arn}/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

resource "aws_s3_bucket_policy" "bucket" {
  bucket = aws_s3_bucket.bucket.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.reads, [local.tls_only]) })

  # S3 takes one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.bucket]
}
