#!/usr/bin/env bash
# See to it that the browser tests find a browser: one that is there, else the distribution's, else
# the one that Playwright downloads. Without any, those tests say that they are skipped and why.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" > /dev/null; then
    exit 0
  fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  apt-get update --quiet=2 && apt-get install --quiet=2 --yes chromium > /dev/null && exit 0
fi
uv run playwright install chromium && exit 0
echo "No Chromium could be installed: the browser tests will be skipped." >&2
