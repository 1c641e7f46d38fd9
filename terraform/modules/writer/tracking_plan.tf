# The tracking plan is an object whose key follows from what is in it: another plan is another
# environment of the functions, so that no instance goes on with the old one.

resource "aws_s3_object" "tracking_plan" {
  count = var.settings.tracking_plan == null ? 0 : 1

  bucket       = var.lake.bucket.name
  key          = "${var.lake.prefixes.tracking_plans}/${substr(filesha256(var.settings.tracking_plan), 0, 16)}.yaml"
  content      = file(var.settings.tracking_plan)
  content_type = "application/yaml"

  # An instance may start with the old environment until the functions have the new one.
  lifecycle {
    create_before_destroy = true
  }
}

locals {
  # All plans, not the newest alone: a change of rights takes some seconds to reach every server,
  # and whoever starts meanwhile needs its plan.
  may_read_tracking_plan = {
    for plan in aws_s3_object.tracking_plan : "TrackingPlan" => {
      actions   = ["s3:GetObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.tracking_plans}/*"]
    }
  }
}
