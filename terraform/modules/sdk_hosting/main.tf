locals {
  # A page that names a bundle by its digest keeps it for ever; a page that names none gets a new
  # one within minutes.
  bundles = {
    for file in concat([var.bundle], var.older_bundles) :
    "headwater.${substr(filesha256(file), 0, 12)}.js" => file
  }
  versioned_key = "headwater.${substr(filesha256(var.bundle), 0, 12)}.js"
  stable_key    = "headwater.js"
}

resource "aws_s3_bucket" "sdk" {
  # checkov:skip=CKV_AWS_18:The files are public: reads of them need no record.
  # checkov:skip=CKV_AWS_144:CloudFront serves it everywhere.
  # checkov:skip=CKV_AWS_145:What is in it is public.
  # checkov:skip=CKV2_AWS_62:Nothing waits for objects to appear.

  bucket        = var.bucket_name
  force_destroy = true # Everything in it can be built again.
}

resource "aws_s3_bucket_ownership_controls" "sdk" {
  bucket = aws_s3_bucket.sdk.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "sdk" {
  bucket = aws_s3_bucket.sdk.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "sdk" {
  bucket = aws_s3_bucket.sdk.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# What pages were given before, should anybody have to find out.
resource "aws_s3_bucket_versioning" "sdk" {
  bucket = aws_s3_bucket.sdk.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "sdk" {
  bucket = aws_s3_bucket.sdk.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 90
    }

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # S3 refuses rules for old versions while the bucket has none.
  depends_on = [aws_s3_bucket_versioning.sdk]
}

resource "aws_s3_bucket_policy" "sdk" {
  bucket = aws_s3_bucket.sdk.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CloudFrontReads"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.sdk.arn}/*"
        Condition = { StringEquals = { "aws:SourceArn" = aws_cloudfront_distribution.sdk.arn } }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.sdk.arn, "${aws_s3_bucket.sdk.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  # S3 takes one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.sdk]
}

resource "aws_s3_object" "versioned" {
  for_each = local.bundles

  bucket        = aws_s3_bucket.sdk.id
  key           = each.key
  source        = each.value
  source_hash   = filesha256(each.value)
  content_type  = "text/javascript; charset=utf-8"
  cache_control = "public, max-age=31536000, immutable"

  depends_on = [aws_s3_bucket_versioning.sdk]
}

resource "aws_s3_object" "stable" {
  bucket        = aws_s3_bucket.sdk.id
  key           = local.stable_key
  source        = var.bundle
  source_hash   = filesha256(var.bundle)
  content_type  = "text/javascript; charset=utf-8"
  cache_control = "public, max-age=300"

  depends_on = [aws_s3_bucket_versioning.sdk]
}
