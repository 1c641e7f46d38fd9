#!/usr/bin/env bash
# Serves the sample page, filled with this deployment's outputs: ./serve.sh [PORT]
set -euo pipefail
cd "$(dirname "$0")"

port=${1:-8000}
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
terraform output -raw sample_page >"$site/index.html"
echo "Open http://localhost:$port and press a button; Ctrl-C ends this."
uv run --no-project python -m http.server --bind 127.0.0.1 --directory "$site" "$port"
