locals {
  # Bucket names are shared by all accounts of a partition.
  bucket_name = "${var.name}-${var.account.id}-${var.account.region}"

  # A page that names a bundle by its digest keeps it for ever; a page that names none gets a new
  # one within minutes.
  bundles = {
    for file in concat([var.bundle], var.settings.older_bundles) :
    "headwater.${substr(filesha256(file), 0, 12)}.js" => file
  }
  versioned_key = "headwater.${substr(filesha256(var.bundle), 0, 12)}.js"
  stable_key    = "headwater.js"
}

module "bucket" {
  source = "../bucket"

  name          = local.bucket_name
  force_destroy = true # Everything in it can be built again.

  readers = {
    CloudFrontReads = { service = "cloudfront.amazonaws.com", source_arn = aws_cloudfront_distribution.sdk.arn }
  }
}

# What pages were given before, should anybody have to find out.
resource "aws_s3_bucket_lifecycle_configuration" "sdk" {
  bucket = module.bucket.name

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
}

resource "aws_s3_object" "versioned" {
  for_each = local.bundles

  bucket        = module.bucket.name
  key           = each.key
  source        = each.value
  source_hash   = filesha256(each.value)
  content_type  = "text/javascript; charset=utf-8"
  cache_control = "public, max-age=31536000, immutable"
}

resource "aws_s3_object" "stable" {
  bucket        = module.bucket.name
  key           = local.stable_key
  source        = var.bundle
  source_hash   = filesha256(var.bundle)
  content_type  = "text/javascript; charset=utf-8"
  cache_control = "public, max-age=300"
}
