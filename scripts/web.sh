#!/usr/bin/env bash
# Builds the desk into web/desk/dist and the widget into web/widget/dist, if anything has changed since they were built last.
set -euo pipefail
cd "$(dirname "$0")/../web"
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "Installing the web parts' libraries (about a minute) …"
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
built=desk/dist/.built
if [ -e "$built" ] && [ -e widget/dist/widget.js ] && [ -z "$(find api ui desk widget package-lock.json -newer "$built" \
    -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path 'desk/e2e*' -type f -print -quit)" ]; then
  exit 0
fi
echo "Building the desk and the widget …"
npm run build --silent
touch "$built"
