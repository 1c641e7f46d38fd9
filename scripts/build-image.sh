#!/usr/bin/env bash
# Build an image with buildah, without a container engine's daemon:
# build-image.sh DOCKERFILE TAG [BASE_IMAGE]. Without a base, one is made of Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."
dockerfile=$1
tag=$2
base=${3:-}

for tool in buildah podman runc debootstrap; do
  if ! command -v "$tool" > /dev/null; then
    echo "$tool is not installed: run 'make image-tools' first." >&2
    exit 1
  fi
done

if [ -z "$base" ]; then
  base=localhost/headwater-base:bookworm
  if ! buildah inspect --type image "$base" > /dev/null 2>&1; then
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    debootstrap --force-check-gpg --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$root"
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$root" / > /dev/null
    buildah commit --quiet "$container" "$base" > /dev/null
    buildah rm "$container" > /dev/null
  fi
fi

# The host's certificates: a build behind a proxy has to trust what the host trusts.
buildah bud --isolation chroot --network host --volume /etc/ssl/certs:/etc/ssl/certs:ro \
  --build-arg "BASE_IMAGE=$base" \
  --file "$dockerfile" --tag "$tag" .
buildah images --format '{{.Name}}:{{.Tag}} takes {{.Size}}' "$tag"
