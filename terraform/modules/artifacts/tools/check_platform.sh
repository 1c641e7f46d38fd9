#!/bin/sh
# Says what to do if no container of a platform runs here: check_platform.sh SOURCE_ROOT PLATFORM
set -eu

source_root=$1 platform=$2
engine=$(sh "$(dirname "$0")/container_engine.sh")
base=$(sed -n 's/^ARG BASE_IMAGE=//p' "$source_root/lambdas/spark_writer/Dockerfile")

# The image that the build begins with: what is downloaded for this is not downloaded again.
runs() {
  if [ "$engine" = buildah ]; then
    container=$(buildah from --platform "$platform" "$base") || exit 1
    status=0
    buildah run "$container" true || status=1
    buildah rm "$container" >/dev/null
    return "$status"
  fi
  "$engine" pull --platform "$platform" "$base" >/dev/null || exit 1
  "$engine" run --rm --platform "$platform" "$base" true
}

case $platform in
  linux/arm64) other=x86_64 ;;
  *) other=arm64 ;;
esac
if ! runs; then
  echo "This machine runs no containers of $platform, and building the writer's image takes one: set" \
    "architecture = \"$other\", or install an emulation of $platform. Nothing was created." >&2
  exit 1
fi
