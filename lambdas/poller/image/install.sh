#!/bin/sh
# Install the poller into a folder: install.sh TARGET, run in a folder with the sources and pins.
set -eu
target=$1

python3 -m venv /tmp/tools
/tmp/tools/bin/pip install --quiet --no-cache-dir --require-hashes --only-binary :all: \
  --requirement requirements-uv.txt
# Certificates as the system has them: a build may run behind a proxy with one of its own.
uv() { /tmp/tools/bin/uv --no-cache --system-certs "$@"; }

uv venv --quiet "$target"
# The poller's own share of the one set of pins, at the versions and hashes that stand there.
set -- --only-binary :all: --constraint requirements.txt
uv pip compile --quiet --no-header --no-annotate --no-emit-package headwater-contract \
  --no-emit-package headwater-documents --no-emit-package headwater-collector "$@" \
  lambdas/poller/pyproject.toml --output-file /tmp/pins.txt
uv pip install --quiet --require-hashes --python "$target/bin/python" --compile-bytecode --no-deps \
  "$@" --requirement /tmp/pins.txt

site_packages=$("$target/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -R lambdas/contract/src/. lambdas/documents/src/. lambdas/api/src/. lambdas/poller/src/. \
  "$site_packages"
# Of what boto3 knows of AWS, all but the services that are called.
find "$site_packages/botocore/data" -mindepth 1 -maxdepth 1 -type d \
  ! -name kinesis ! -name s3 ! -name secretsmanager -exec rm -r {} +
