#!/usr/bin/env bash
# Makes a real shop ready for the tests: scripts/engines.sh medusa|vendure. Prints the folder that it runs from.
#
# Packages come from npm into SHOPBELL_ENGINES (~/.cache/shopbell/engines), named by a hash of what is asked for, and the
# seeded shop beside them by a hash of its sources. What is there already is only named, so that a start takes seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1
sources=crates/connectors/tests/it/engines/$name
plugin=docs/guide/$name/shopbell.ts
root=${SHOPBELL_ENGINES:-$HOME/.cache/shopbell/engines}
hash() { cat "$@" | sha256sum | cut -c1-12; }

packages=$root/$name-$(hash "$sources"/package*.json)
mkdir -p "$packages"
exec 9>"$packages/.lock"
flock 9

if [ ! -e "$packages/.installed" ]; then
  echo "Installing $name (a few minutes) …" >&2
  rm -rf "$packages/node_modules"
  cp "$sources"/package*.json "$packages/"
  (cd "$packages" && npm ci --legacy-peer-deps --no-audit --no-fund --loglevel=error >&2)
  touch "$packages/.installed"
fi

files=$(find "$sources" -type f ! -name 'package*.json' | sort)
postgres=$(pg_config --bindir 2>/dev/null || true)
# shellcheck disable=SC2086
shop=$packages/shop-$(cat $files "$plugin" scripts/engines.sh <(echo "$postgres") | sha256sum | cut -c1-12)
if [ -e "$shop/seeded.json" ]; then
  echo "$shop"
  exit 0
fi

echo "Filling the $name shop (half a minute) …" >&2
rm -rf "$packages"/shop-*
mkdir -p "$shop"
cp -r "$sources"/. "$shop/"
# Beside its packages, because Medusa looks for them in the folder that it runs from.
ln -s ../node_modules "$shop/node_modules"
export MEDUSA_DISABLE_TELEMETRY=true VENDURE_DISABLE_TELEMETRY=true NODE_ENV=development
port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

case "$name" in
  medusa)
    mkdir -p "$shop/src/subscribers"
    cp "$plugin" "$shop/src/subscribers/"
    # PostgreSQL refuses to run as root, and another user may not enter root's own folders.
    data=$(mktemp -d)
    as() { "$@"; }
    if [ "$(id -u)" = 0 ]; then
      chown postgres: "$data"
      as() { (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); }
    fi
    trap 'as "$postgres/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$data"' EXIT
    port=$(port)
    as "$postgres/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions >&2
    as "$postgres/pg_ctl" -D "$data" -w -l "$data/log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data -c fsync=off" start >&2 9>&-
    "$postgres/createdb" -h 127.0.0.1 -p "$port" -U postgres medusa
    export DATABASE_URL=postgres://postgres@127.0.0.1:$port/medusa SEEDED=$shop/seeding.json
    (cd "$shop" && node ../node_modules/@medusajs/cli/cli.js db:migrate --skip-scripts >&2)
    (cd "$shop" && node ../node_modules/@medusajs/cli/cli.js exec ./src/scripts/seed.ts >&2)
    as "$postgres/pg_ctl" -D "$data" -m fast -w stop >&2
    tar -C "$data" -cf "$shop/data.tar" .
    ;;
  vendure)
    cp "$plugin" "$shop/"
    export PORT DATABASE_FILE=$shop/shop.sqlite SEEDED=$shop/seeding.json
    PORT=$(port)
    (cd "$shop" && node -r ts-node/register seed.ts >&2)
    ;;
  *) echo "There is no engine called $name" >&2; exit 1 ;;
esac
[ -e "$shop/seeding.json" ] || { echo "The $name shop could not be filled" >&2; exit 1; }
mv "$shop/seeding.json" "$shop/seeded.json"
echo "$shop"
