#!/bin/sh
# Prints the first container engine that works here, or says what to do without one.
set -eu

for engine in docker podman buildah; do
  # A client whose daemon does not run is no engine: `info` asks it.
  if command -v "$engine" >/dev/null 2>&1 && "$engine" info >/dev/null 2>&1; then
    echo "$engine"
    exit 0
  fi
done
echo "Neither docker, podman nor buildah works here, and an image must be built: start one of" \
  "them, or name ready images in prebuilt.writer_image_uri and prebuilt.poller_image_uri. Nothing" \
  "was created." >&2
exit 1
