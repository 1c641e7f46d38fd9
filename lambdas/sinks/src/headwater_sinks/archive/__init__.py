"""Events as lines of JSON in S3."""
