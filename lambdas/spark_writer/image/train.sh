#!/bin/sh
# Make the class archive of an installed writer, against an AWS stand-in of this build alone:
# train.sh TARGET, run in a folder with the stand-in's pins.
set -eu
target=$1

uv() { /tmp/tools/bin/uv --no-cache --system-certs "$@"; }
uv venv --quiet /tmp/aws
uv pip sync --quiet --require-hashes --only-binary :all: --python /tmp/aws/bin/python aws_stand_in.txt
export AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
# In a file rather than in the environment: where Spark sees credentials there it looks its host's
# name up, and in a build nobody knows that.
export AWS_SHARED_CREDENTIALS_FILE=/tmp/credentials
printf '[default]\naws_access_key_id = build\naws_secret_access_key = build\n' > /tmp/credentials
BIND_HOST=127.0.0.1 MINISTACK_HOST=localhost SFTP_ENABLED=0 IOT_MTLS_ENABLED=0 \
  /tmp/aws/bin/python -m ministack > /tmp/aws.log 2>&1 &
stand_in=$!
trap 'kill "$stand_in"' EXIT

/tmp/aws/bin/python - <<'PYTHON'
import time

from botocore.exceptions import EndpointConnectionError
from botocore.session import get_session

session = get_session()
for _ in range(300):
    try:
        session.create_client("s3").create_bucket(Bucket="training")
        break
    except EndpointConnectionError:
        time.sleep(0.1)
session.create_client("glue").create_database(DatabaseInput={"Name": "training"})
PYTHON

GLUE_DATABASE=training WAREHOUSE=s3://training/lake JARS_DIR="$target/jars" \
  "$target/bin/python" -m headwater_writer.training "$target/classes.jsa"
chmod a+r "$target/classes.jsa"
