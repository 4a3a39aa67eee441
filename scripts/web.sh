#!/usr/bin/env bash
# Builds the desk into web/desk/dist, if anything has changed since it was built last.
set -euo pipefail
cd "$(dirname "$0")/../web"
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "Installing the web parts' libraries (about a minute) …"
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
built=desk/dist/.built
if [ -e "$built" ] && [ -z "$(find api ui desk package-lock.json -newer "$built" \
    -not -path '*/node_modules/*' -not -path 'desk/dist*' -not -path 'desk/e2e*' -type f -print -quit)" ]; then
  exit 0
fi
echo "Building the desk …"
npm run build --silent
touch "$built"
