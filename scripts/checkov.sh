#!/usr/bin/env bash
# Checks the Terraform modules with checkov, from an environment of its own: its pins are not ours.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v uv > /dev/null; then
  PATH="$(scripts/install-uv.sh):$PATH"
fi

home=.ci/tools/checkov
if ! cmp --quiet requirements-checkov.txt "$home/requirements.txt"; then
  uv venv --quiet --clear "$home"
  uv pip sync --quiet --require-hashes --only-binary :all: --python "$home/bin/python" requirements-checkov.txt
  cp requirements-checkov.txt "$home/requirements.txt"
fi
"$home/bin/checkov" --directory terraform --config-file .checkov.yaml
