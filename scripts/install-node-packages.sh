#!/usr/bin/env bash
# Install the pinned packages of each Node.js project named. Without Node.js the route still runs;
# only building and testing the browser SDK and the Node.js client need it.
set -euo pipefail

if ! command -v npm > /dev/null; then
  echo "Node.js is not installed: the browser SDK cannot be built or tested here." >&2
  echo "Install Node.js 20 or newer and run 'make setup' again." >&2
  exit 0
fi
for project in "$@"; do
  npm ci --silent --no-audit --no-fund --prefix "$project"
done
