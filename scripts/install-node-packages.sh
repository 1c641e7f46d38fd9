#!/usr/bin/env bash
# Install the pinned packages of a Node.js project. None of them may run a script of its own:
# esbuild's binaries come as packages for each platform, and work without its postinstall.
set -euo pipefail

if ! command -v npm > /dev/null; then
  echo "Node.js is not installed: install version 20 or newer and run this again." >&2
  echo "It builds and tests the browser SDK; running Headwater does not take it." >&2
  exit 1
fi
npm ci --ignore-scripts --silent --no-audit --no-fund --prefix "$1"
