#!/bin/sh
# Pushes an image with the credentials in USER and PASSWORD: push_image.sh IMAGE
set -eu

image=$1
engine=$(sh "$(dirname "$0")/container_engine.sh")
printf %s "$PASSWORD" | "$engine" login --username "$USER" --password-stdin "${image%%/*}"
"$engine" push "$image"
