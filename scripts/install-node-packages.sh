#!/usr/bin/env bash
# Install the pinned packages of each Node.js project named.
set -euo pipefail

if ! command -v npm > /dev/null; then
  echo "Node.js is not installed: install version 20 or newer and run this again." >&2
  echo "It builds and tests the browser SDK; running Headwater does not take it." >&2
  exit 1
fi
for project in "$@"; do
  npm ci --silent --no-audit --no-fund --prefix "$project"
done
