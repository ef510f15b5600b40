#!/usr/bin/env bash
# The report page in a real browser: run.sh PROGRAM SOURCE_DIR [SCREENSHOTS]. Skipped (77) where there is none.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
skip() { echo "skipped: $*"; exit 77; }
command -v node >/dev/null && command -v npm >/dev/null || skip "node and npm are not here"
[ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 20 ] || skip "playwright-core needs node 20 or later"
browser=""
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then browser="$(command -v "$name")"; break; fi
done
[ -n "$browser" ] || skip "no Chromium is here (Debian: apt-get install chromium)"
if ! [ -d "$here/node_modules/playwright-core" ]; then
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || skip "playwright-core cannot be installed"
fi
exec node "$here/report_test.mjs" "$1" "$2" "$browser" "${3:-}"
