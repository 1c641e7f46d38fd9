#!/bin/sh
# Builds the writer's image: build_image.sh SOURCE_ROOT IMAGE PLATFORM
set -eu

source_root=$1 image=$2 platform=$3
engine=$(sh "$(dirname "$0")/container_engine.sh")
# Lambda refuses the image index that docker makes to carry a provenance record, and docker keeps what
# another builder than its own makes to that builder. Who is not docker, or has no buildx, reads neither.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1 BUILDX_BUILDER=default
"$engine" build --platform "$platform" --file "$source_root/lambdas/spark_writer/Dockerfile" \
  --tag "$image" "$source_root"
