#!/bin/sh
# Builds an image: build_image.sh SOURCE_ROOT DOCKERFILE IMAGE PLATFORM
set -eu

source_root=$1 dockerfile=$2 image=$3 platform=$4
engine=$(sh "$(dirname "$0")/container_engine.sh")
set -- --platform "$platform" --file "$source_root/$dockerfile" --tag "$image"
if [ "$engine" = docker ]; then
  # Lambda refuses the image index that docker makes to carry a provenance record.
  set -- "$@" --provenance=false
fi
"$engine" build "$@" "$source_root"
