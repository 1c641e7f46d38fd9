# What runs: in the data bucket, under names that follow from what is in it, so another version is another
# run. The old zip is deleted once the keeper knows the new one: a run of the old gets no more executors. The
# stream's is cancelled at the next look; a backfill fails, and has to be started again (docs/backfill.md).

resource "aws_s3_object" "zip" {
  bucket = var.lake.bucket.name
  key    = "${var.lake.prefixes.cluster}/${basename(var.code.zip)}"
  source = var.code.zip

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_s3_object" "jar" {
  for_each = toset([for jar in var.code.jars : basename(jar)])

  bucket = var.lake.bucket.name
  key    = "${var.lake.prefixes.cluster}/${each.key}"
  source = { for jar in var.code.jars : basename(jar) => jar }[each.key]

  lifecycle {
    create_before_destroy = true
  }
}

# EMR starts a file, not a module.
resource "aws_s3_object" "main" {
  for_each = toset(["job", "backfill_job"])

  bucket       = var.lake.bucket.name
  key          = "${var.lake.prefixes.cluster}/${each.key}.py"
  content      = "import sys\n\nfrom headwater_writer.cluster.${each.key} import main\n\nsys.exit(main())\n"
  content_type = "text/x-python"
}
