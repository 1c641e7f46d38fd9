#!/bin/sh
# Builds an image: build_image.sh SOURCE_ROOT DOCKERFILE IMAGE PLATFORM
set -eu

source_root=$1 dockerfile=$2 image=$3 platform=$4
engine=$(sh "$(dirname "$0")/container_engine.sh")
# Lambda refuses the image index that docker makes to carry a provenance record, and docker keeps what
# another builder than its own makes to that builder. Who is not docker, or has no buildx, reads neither.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1 BUILDX_BUILDER=default
"$engine" build --platform "$platform" --file "$source_root/$dockerfile" --tag "$image" "$source_root"
