#!/usr/bin/env bash
# Build the images of a release as files that `docker load` takes, and list what they are made of:
# release-image.sh TAG ARCHITECTURE FOLDER, on a machine of that architecture.
set -euo pipefail
version=${1#v} architecture=$2 folder=$3
cd "$(dirname "$0")/.."

case $architecture in
  arm64) platform=linux/arm64 ;;
  x86_64) platform=linux/amd64 ;;
  *) echo "The architecture is arm64 or x86_64, and not $architecture." >&2 && exit 1 ;;
esac
tools=terraform/modules/artifacts/tools

release() {
  name=$1 dockerfile=$2
  image=$name:$version-$architecture
  file=$folder/$name-$version-$architecture.tar
  sh "$tools/build_image.sh" . "$dockerfile" "$image" "$platform"
  "$(sh "$tools/container_engine.sh")" save --output "$file" "$image"
  scripts/sbom.sh "docker-archive:$file" "$file.gz.cdx.json"
  gzip --no-name "$file"
}

mkdir -p "$folder"
release headwater-writer lambdas/spark_writer/Dockerfile
release headwater-poller lambdas/poller/Dockerfile
