#!/usr/bin/env bash
# Install the pinned k6, which Go checks by its checksum database, and print its path. It takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

home=$PWD/.ci/tools/k6-v1.8.1
[ -x "$home/k6" ] || GOBIN=$home go install go.k6.io/k6@v1.8.1
echo "$home/k6"
