#!/usr/bin/env bash
# Says how long a first build takes, so that nobody thinks it hangs. Takes the profile.
set -euo pipefail
[ -e "$CARGO_TARGET_DIR/$1/shopbell" ] && exit 0
case "$1" in
  demo) echo "Building Shopbell. The first time this takes about 6 minutes on two cores; later a few seconds." ;;
  *) echo "Building the release binary. The first time this takes about 12 minutes on two cores." ;;
esac
