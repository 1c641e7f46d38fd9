#!/usr/bin/env bash
# List what an artifact is made of, as CycloneDX: sbom.sh SOURCE OUTPUT, with a source as syft names
# them (file:a.zip, docker:image). Go builds syft from its module, checked against the checksum
# database.
set -euo pipefail
source=$1 output=$2
cd "$(dirname "$0")/.."

tools=$PWD/.ci/tools/bin
if [ ! -x "$tools/syft" ]; then
  GOBIN=$tools go install github.com/anchore/syft/cmd/syft@v1.57.1
fi
"$tools/syft" scan --quiet "$source" --output "cyclonedx-json=$output"
