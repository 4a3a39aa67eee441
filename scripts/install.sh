#!/usr/bin/env bash
# Installs what the tests need and this machine does not have. No service is started: the tests start their own.
set -euo pipefail

missing=()
need() { # need PACKAGE COMMAND…: the package, unless all commands are there
  local package=$1 command; shift
  for command in "$@"; do
    [ -n "$(PATH="$PATH:/usr/sbin:/sbin" command -v "$command" || true)" ] && continue
    missing+=("$package"); return
  done
}

compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
need dovecot-imapd dovecot
[ -e /usr/lib/dovecot/lmtp ] || missing+=(dovecot-lmtpd)
need exim4-daemon-light exim4
need chromium chromium
need clamav-daemon clamd
need openssl openssl
need util-linux setpriv flock
fc-list 2>/dev/null | grep -qi 'liberation\|dejavu' || missing+=(fonts-liberation)
fc-list 2>/dev/null | grep -qi 'emoji' || missing+=(fonts-noto-color-emoji)

if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      echo "Please install, as root: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo -n)
  fi
  echo "Installing ${missing[*]} …"
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
