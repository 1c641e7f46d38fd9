locals {
  # Bucket names are shared by all accounts of a partition.
  bucket_name = coalesce(var.names.data_bucket, "${var.name}-data-${var.account.id}-${var.account.region}")

  # A hyphen would need quotes in every query.
  database_name = coalesce(var.names.database, replace(var.name, "-", "_"))

  tables = ["events", "identifies", "failed_records"]

  prefixes = {
    tables = "lake"

    # Where Lambda puts what the mapping gave up on; the first part of the key is Lambda's choice
    # ("Retaining discarded batches", AWS Lambda developer guide).
    failed_batches = "aws/lambda"

    # headwater_writer: replay/destination.py and failures/lines.py.
    replayed_batches = "replayed_batches"
    failed_records   = ["failed_records", "failed_transformation_records"]

    # Nothing else is below it: the functions may read all of it.
    tracking_plans = "tracking_plans"

    query_results = "query_results"

    poller = "poller"

    cluster = "cluster"

    observability = "observability"

    demo = "demo"
  }

  warehouse = "s3://${module.bucket.name}/${local.prefixes.tables}"
}

# One bad delete is not final: the functions may delete objects, and none of them a version.
module "bucket" {
  source = "../bucket"

  name          = local.bucket_name
  key_arn       = var.key_arn
  force_destroy = var.force_destroy

  # Destroyed before the database, and so instead of it, if it is not empty: S3 refuses that, where Glue
  # would let the tables go with their database.
  depends_on = [aws_glue_catalog_database.lake]
}

resource "aws_glue_catalog_database" "lake" {
  name         = local.database_name
  description  = "Headwater's Iceberg tables, created by the writer from the event contract."
  location_uri = "s3://${local.bucket_name}/${local.prefixes.tables}"
}
