#!/bin/sh
# Install the writer into a folder: install.sh TARGET, run in a folder with the sources and pins.
set -eu
target=$1

python3 -m venv /tmp/tools
/tmp/tools/bin/pip install --quiet --no-cache-dir --require-hashes --only-binary :all: \
  --requirement requirements-uv.txt
# Certificates as the system has them: a build may run behind a proxy with one of its own.
uv() { /tmp/tools/bin/uv --no-cache --system-certs "$@"; }

uv venv --quiet "$target"
# The writer's own share of the one set of pins, at the versions and hashes that stand there.
# pyspark comes without a wheel: it alone is built, with a backend that is pinned too.
set -- --only-binary :all: --no-binary pyspark --constraint requirements.txt
uv pip compile --quiet --no-header --no-annotate --no-emit-package headwater-contract \
  --no-emit-package headwater-documents "$@" \
  lambdas/spark_writer/pyproject.toml --output-file /tmp/pins.txt
uv pip install --quiet --require-hashes --python "$target/bin/python" --compile-bytecode --no-deps \
  --build-constraints requirements-build.txt "$@" --requirement /tmp/pins.txt

site_packages=$("$target/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -R lambdas/contract/src/. lambdas/documents/src/. lambdas/spark_writer/src/. "$site_packages"
"$target/bin/python" -m headwater_writer.spark.jars "$target/jars"
"$target/bin/python" lambdas/spark_writer/image/prune.py
# Java takes a class archive only beside jars of the very times that it was made with, and an image's
# layers keep whole seconds, rounded.
find "$target" -name '*.jar' -exec touch --date=@1000000000 {} +
