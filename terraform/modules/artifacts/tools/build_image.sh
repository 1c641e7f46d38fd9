#!/bin/sh
# Builds the writer's image: build_image.sh SOURCE_ROOT IMAGE PLATFORM
set -eu

source_root=$1 image=$2 platform=$3
engine=$(sh "$(dirname "$0")/container_engine.sh")
set -- --platform "$platform" --file "$source_root/lambdas/spark_writer/Dockerfile" --tag "$image"
if [ "$engine" = docker ]; then
  # Lambda refuses the image index that docker makes to carry a provenance record.
  set -- "$@" --provenance=false
fi
"$engine" build "$@" "$source_root"
