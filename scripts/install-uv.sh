#!/usr/bin/env bash
# Install the pinned uv, checked by its hashes, and print the folder that it is in.
set -euo pipefail
cd "$(dirname "$0")/.."

home=$PWD/.ci/tools
if ! [ "$home/bin/uv" -nt requirements-uv.txt ]; then
  python3 -m venv "$home"
  "$home/bin/pip" install --quiet --require-hashes --only-binary :all: --requirement requirements-uv.txt
  touch "$home/bin/uv"
fi
echo "$home/bin"
