#!/usr/bin/env bash
# Runs terraform. This is plain terraform, with one exception: where a folder named tf-plugins is
# among the system's optional software, in the layout of a filesystem mirror ("Provider
# Installation", Terraform documentation), providers come from it, so that no network is needed. A
# configuration of your own, named in TF_CLI_CONFIG_FILE, goes before it.
set -euo pipefail

if ! command -v terraform >/dev/null; then
  echo "Terraform was not found: install it (https://developer.hashicorp.com/terraform/install)." >&2
  exit 1
fi

mirror=$(find /opt /usr/local/share -maxdepth 2 -type d -name tf-plugins -print -quit 2>/dev/null || true)
if [[ -n "$mirror" && ! -f "${TF_CLI_CONFIG_FILE:-}" ]]; then
  TF_CLI_CONFIG_FILE=$(mktemp)
  export TF_CLI_CONFIG_FILE
  trap 'rm -f "$TF_CLI_CONFIG_FILE"' EXIT
  printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$mirror" >"$TF_CLI_CONFIG_FILE"
elif [[ -n "${TF_CLI_CONFIG_FILE:-}" && ! -f "$TF_CLI_CONFIG_FILE" ]]; then
  unset TF_CLI_CONFIG_FILE # Terraform goes on without it, but warns at every call.
fi

terraform "$@"
