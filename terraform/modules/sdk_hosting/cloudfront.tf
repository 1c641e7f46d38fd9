resource "aws_cloudfront_origin_access_control" "sdk" {
  name                              = local.global_name
  description                       = "Only this distribution reads the bucket."
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"

  # CloudFront deletes none that a distribution uses.
  lifecycle {
    create_before_destroy = true
  }
}

# Any page may load the script, and check it against its digest, which browsers do only where the
# answer allows other origins (W3C Subresource Integrity).
resource "aws_cloudfront_response_headers_policy" "sdk" {
  # checkov:skip=CKV_AWS_259:It says strict transport for a year; subdomains of cloudfront.net are not ours to name.

  name    = local.global_name
  comment = "The browser SDK, for pages of any origin."

  cors_config {
    access_control_allow_credentials = false
    origin_override                  = true

    access_control_allow_headers {
      items = ["*"]
    }

    access_control_allow_methods {
      items = ["GET", "HEAD"]
    }

    access_control_allow_origins {
      items = ["*"]
    }
  }

  security_headers_config {
    content_type_options {
      override = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }
}

resource "aws_cloudfront_cache_policy" "sdk" {
  name    = local.global_name
  comment = "As long as the objects say; nothing of a request matters."

  min_ttl     = 0
  default_ttl = 300
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_distribution" "sdk" {
  # checkov:skip=CKV_AWS_68:The files are public and read-only, and the API has a throttle: a firewall is the deployer's choice.
  # checkov:skip=CKV2_AWS_47:It serves public files, and runs no code that could log.
  # checkov:skip=CKV_AWS_86:The files are public: reads of them need no record.
  # checkov:skip=CKV_AWS_305:Pages load a file by its name; nothing is served at the root.
  # checkov:skip=CKV_AWS_310:One bucket holds the files; an apply puts them back.
  # checkov:skip=CKV_AWS_374:Visitors are anywhere.
  # checkov:skip=CKV_AWS_174:CloudFront's own domain comes with a certificate that sets the TLS version.
  # checkov:skip=CKV2_AWS_42:CloudFront's own domain comes with its certificate.

  enabled         = true
  comment         = "Headwater's browser SDK (${var.name})"
  price_class     = var.settings.price_class
  http_version    = "http2and3"
  is_ipv6_enabled = true
  aliases         = var.settings.domain[*].name

  origin {
    origin_id                = "bucket"
    domain_name              = module.bucket.regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.sdk.id
  }

  default_cache_behavior {
    target_origin_id           = "bucket"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.sdk.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.sdk.id
  }

  dynamic "origin" {
    for_each = var.api[*]

    content {
      origin_id   = "api"
      domain_name = origin.value.host

      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
      }

      custom_header {
        name  = "headwater-edge-secret"
        value = origin.value.secret
      }
    }
  }

  # The collector answers for itself: nothing is cached, and CORS is its own.
  dynamic "ordered_cache_behavior" {
    for_each = var.api[*]

    content {
      path_pattern             = "${ordered_cache_behavior.value.path_prefix}/*"
      target_origin_id         = "api"
      viewer_protocol_policy   = "https-only"
      allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
      cached_methods           = ["GET", "HEAD"]
      compress                 = false
      cache_policy_id          = data.aws_cloudfront_cache_policy.none[0].id
      origin_request_policy_id = data.aws_cloudfront_origin_request_policy.all_but_host[0].id

      function_association {
        event_type   = "viewer-request"
        function_arn = aws_cloudfront_function.viewer[0].arn
      }
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.settings.domain == null
    acm_certificate_arn            = one(var.settings.domain[*].certificate_arn)
    minimum_protocol_version       = var.settings.domain == null ? null : "TLSv1.2_2021"
    ssl_support_method             = var.settings.domain == null ? null : "sni-only"
  }

  lifecycle {
    precondition {
      condition     = var.account.partition == "aws"
      error_message = "CloudFront in this partition lacks what SDK hosting is built on: set sdk_hosting = { enabled = false }, and serve the bundle from where your pages are."
    }
  }
}

resource "aws_route53_record" "sdk" {
  for_each = try(var.settings.domain.hosted_zone_id, null) == null ? [] : toset(["A", "AAAA"])
  zone_id  = var.settings.domain.hosted_zone_id
  name     = var.settings.domain.name
  type     = each.key

  alias {
    name                   = aws_cloudfront_distribution.sdk.domain_name
    zone_id                = aws_cloudfront_distribution.sdk.hosted_zone_id
    evaluate_target_health = false
  }
}

data "aws_cloudfront_cache_policy" "none" {
  count = length(var.api[*])
  name  = "Managed-CachingDisabled"
}

# API Gateway answers 403 to the host that the visitor asked for: it knows its own alone.
data "aws_cloudfront_origin_request_policy" "all_but_host" {
  count = length(var.api[*])
  name  = "Managed-AllViewerExceptHostHeader"
}

# That policy leaves out CloudFront's own headers, so a function tells who the visitor is.
resource "aws_cloudfront_function" "viewer" {
  count   = length(var.api[*])
  name    = "${local.global_name}-viewer"
  comment = "Tells the collector the visitor's address, and the host that was asked for."
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = file("${path.module}/viewer.js")

  # As for the access control.
  lifecycle {
    create_before_destroy = true
  }
}
