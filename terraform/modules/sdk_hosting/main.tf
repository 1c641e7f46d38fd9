locals {
  # Bucket names are shared by all accounts of a partition.
  bucket_name = "${var.name}-${var.account.id}-${var.account.region}"

  # CloudFront has one name for all regions of an account.
  global_name = "${var.name}-${var.account.region}"

  # A page that names a bundle by its digest keeps it for ever; a page that names none gets a new
  # one within minutes.
  scripts = merge({ sdk = var.bundle }, var.extras)
  stems = {
    for script in keys(local.scripts) :
    script => script == "sdk" ? var.settings.file_name : "${var.settings.file_name}-${script}"
  }
  versioned_keys = {
    for script, file in local.scripts : script => "${local.stems[script]}.${substr(filesha256(file), 0, 12)}.js"
  }
  older_keys = {
    for file in var.settings.older_bundles :
    "${local.stems[try(regex("^headwater-(web-vitals|errors)", basename(file))[0], "sdk")]}.${substr(filesha256(file), 0, 12)}.js" => file
  }
  versioned = merge(local.older_keys, { for script, key in local.versioned_keys : key => local.scripts[script] })

  host    = var.settings.domain == null ? aws_cloudfront_distribution.sdk.domain_name : var.settings.domain.name
  address = "https://${local.host}"
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
  for_each = local.versioned

  bucket        = module.bucket.name
  key           = each.key
  source        = each.value
  source_hash   = filesha256(each.value)
  content_type  = "text/javascript; charset=utf-8"
  cache_control = "public, max-age=31536000, immutable"
}

resource "aws_s3_object" "stable" {
  for_each = local.scripts

  bucket        = module.bucket.name
  key           = "${local.stems[each.key]}.js"
  source        = each.value
  source_hash   = filesha256(each.value)
  content_type  = "text/javascript; charset=utf-8"
  cache_control = "public, max-age=300"
}
