#!/usr/bin/env bash
# Runs every suite, whatever happens in the others, and adds their counts up into the last line: N passed, N failed.
# A suite that cannot even start, or that ran nothing, counts as one failure.
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0

# run NAME COUNTER COMMAND…: COUNTER reads the plain log and prints "PASSED FAILED".
run() {
  local name=$1 counter=$2 rc ok wrong; shift 2
  echo "── $name"
  "$@" 2>&1 | tee "$log"
  rc=${PIPESTATUS[0]}
  read -r ok wrong < <(sed 's/\x1b\[[0-9;]*m//g' "$log" | $counter) || true
  ok=${ok:-0} wrong=${wrong:-0}
  if [ "$wrong" = 0 ] && { [ "$rc" != 0 ] || [ "$ok" = 0 ]; }; then wrong=1; fi
  echo "── $name: $ok passed, $wrong failed"
  passed=$((passed + ok)) failed=$((failed + wrong))
}

# "Summary [ 12.3s] 40 tests run: 38 passed (1 slow), 1 failed, 1 timed out, 0 skipped"
nextest() {
  grep -E '^ +Summary ' | tail -1 | awk '{
    for (i = 2; i <= NF; i++) {
      if ($i ~ /^passed/) ok = $(i - 1)
      if ($i ~ /^failed/) wrong += $(i - 1)
      if ($i == "timed" || $i == "exec") wrong += $(i - 1)
    }
    print ok + 0, wrong + 0 }'
}

# "test result: ok. 40 passed; 0 failed; …", one for each binary
cargo_test() { awk '/^test result:/ { ok += $4; wrong += $6 } END { print ok + 0, wrong + 0 }'; }

# "      Tests  2 failed | 40 passed (42)"
vitest() {
  grep -E '^ +Tests ' | tail -1 | awk '{
    for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) ok = $(i - 1); if ($i ~ /^failed/) wrong = $(i - 1) }
    print ok + 0, wrong + 0 }'
}

prepare() { scripts/install.sh && scripts/web.sh; }
if ! prepare; then
  echo "── what the tests need could not be installed or built"
  failed=$((failed + 1))
fi

if command -v cargo-nextest >/dev/null; then
  run server nextest cargo nextest run --workspace --no-fail-fast --color=never
else
  run server cargo_test cargo test --workspace --no-fail-fast --color=never
fi
run desk vitest npm --prefix web test --silent
run widget vitest npm --prefix web run test:widget --silent

echo "$passed passed, $failed failed"
[ -z "${TEST_SUMMARY:-}" ] || echo "$passed passed, $failed failed" > "$TEST_SUMMARY"
[ "$failed" = 0 ]
