#!/usr/bin/env bash
# Let git run the checks before each commit of the clone in this folder. A folder that is not a clone
# needs none, and hooks that are kept elsewhere are left alone.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)

if [ "$(git rev-parse --show-toplevel 2> /dev/null)" != "$(pwd -P)" ]; then
  exit 0
fi
if git config core.hooksPath > /dev/null; then
  echo "The commit hooks are not installed, since git's core.hooksPath is set: run \`make lint\` before a commit." >&2
  exit 0
fi
uv run --project "$project" pre-commit install
