#!/bin/sh
# Pushes an image with the credentials in REGISTRY_USER and REGISTRY_PASSWORD: push_image.sh IMAGE
set -eu

image=$1
engine=$(sh "$(dirname "$0")/container_engine.sh")
printf %s "$REGISTRY_PASSWORD" |
  "$engine" login --username "$REGISTRY_USER" --password-stdin "${image%%/*}"
"$engine" push "$image"
