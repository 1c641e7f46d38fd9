"""A database and a place in the bucket for the writer's training run, gone afterwards."""

import contextlib

from headwater_local import aws_client, names

DATABASE = "headwater_training"
PREFIX = "training/"
WAREHOUSE = f"s3://{names.BUCKET}/{PREFIX.rstrip('/')}"


def make_training_ground(endpoint: str) -> None:
    """Make the database, empty, whatever a training that was broken off has left."""
    clear_training_ground(endpoint)
    aws_client.glue(endpoint).create_database(DatabaseInput={"Name": DATABASE})


def clear_training_ground(endpoint: str) -> None:
    """Delete the database and every object below the prefix."""
    glue, s3 = aws_client.glue(endpoint), aws_client.s3(endpoint)
    with contextlib.suppress(glue.exceptions.EntityNotFoundException):
        glue.delete_database(Name=DATABASE)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=names.BUCKET, Prefix=PREFIX):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket=names.BUCKET, Key=found["Key"])
