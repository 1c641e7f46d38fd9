"""The names of everything on the stand-in, one place for all parts."""

REGION = "us-east-1"
STREAM = "headwater-events"
BUCKET = "headwater-data"
LAKE_PREFIX = "lake"
WAREHOUSE = f"s3://{BUCKET}/{LAKE_PREFIX}"
FAILED_BATCHES = f"s3://{BUCKET}/failed_batches/"
DATABASE = "headwater"

LOOPBACK = "127.0.0.1"
"""The one address anything binds or calls: nothing is reachable from outside."""
