#!/usr/bin/env bash
# Validates the sample, and by it every module.
set -euo pipefail
cd "$(dirname "$0")"

./terraform.sh -chdir=../sample init -backend=false -input=false >/dev/null
./terraform.sh -chdir=../sample validate
