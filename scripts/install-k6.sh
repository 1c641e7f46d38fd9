#!/usr/bin/env bash
# Install the pinned k6, which Go checks by its checksum database, and print its path. It takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

home=$PWD/.ci/tools
if ! [ "$home/k6" -nt scripts/install-k6.sh ]; then
  GOBIN=$home go install go.k6.io/k6@v1.8.1
  touch "$home/k6"
fi
echo "$home/k6"
