# The laptop's demo website, beside the browser SDK. It is told where this stack's API is, and instructions take the
# place of the commands for a laptop.

locals {
  folder = "demo"
  types = {
    css  = "text/css; charset=utf-8"
    html = "text/html; charset=utf-8"
    js   = "text/javascript; charset=utf-8"
    svg  = "image/svg+xml"
  }

  # Without the drawing of the history, which is for a laptop's key. A path that ends with a slash is an object of that
  # name: CloudFront looks for no index.html in folders.
  files = {
    ""            = "index.html"
    "basket.html" = "basket.html"
    "demo.js"     = "demo.js"
    "drop.svg"    = "drop.svg"
    "style.css"   = "style.css"
  }

  written = {
    "config.js" = "window.HEADWATER = ${jsonencode({
      apiUrl       = var.api_url
      sdkUrl       = var.hosting.url
      writeKey     = var.write_key
      instructions = "instructions.html"
    })};\n"
    "instructions.html" = templatefile("${path.module}/instructions.html.tftpl", {
      workgroup   = var.queries.workgroup
      database    = var.lake.database_name
      reports_url = var.reports_url
    })
  }
}

resource "aws_s3_object" "file" {
  for_each = local.files

  bucket        = var.hosting.bucket_name
  key           = "${local.folder}/${each.key}"
  source        = "${var.site}/${each.value}"
  source_hash   = filesha256("${var.site}/${each.value}")
  content_type  = local.types[regex("[a-z]+$", each.value)]
  cache_control = "public, max-age=300"
}

resource "aws_s3_object" "written" {
  for_each = local.written

  bucket        = var.hosting.bucket_name
  key           = "${local.folder}/${each.key}"
  content       = each.value
  content_type  = local.types[regex("[a-z]+$", each.key)]
  cache_control = "public, max-age=300"
}
