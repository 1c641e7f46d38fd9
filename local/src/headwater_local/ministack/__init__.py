"""The stand-in for Kinesis, S3 and Glue, and what is made and found on it."""
