#!/usr/bin/env bash
# Lints the Terraform modules and the sample with the rules of .tflint.hcl.
set -euo pipefail
cd "$(dirname "$0")/.."

for folder in terraform sample; do
  tflint --chdir="$folder" --recursive --config="$PWD/.tflint.hcl"
done
