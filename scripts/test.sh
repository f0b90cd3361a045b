#!/usr/bin/env bash
# make test: everything. Ends with a summary and the line "N passed, M failed" over all suites.
#   scripts/test.sh quick    formatting, lints and the Rust tests on SQLite alone (make check)
set -uo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$top" || exit 1

# One form of output, so that results can be counted.
export CARGO_TERM_COLOR=never NO_COLOR=1 FORCE_COLOR=0
work=$(mktemp -d)
finish() {
  scripts/postgres.sh stop "$work" || true
  rm -rf "$work"
}
trap finish EXIT

passed=0
failed=0
summary=()

# The results in a log: "PASSED FAILED". A step that counts nothing is one result itself.
count() { # form, log, status
  local good bad
  case $1 in
    nextest)
      good=$(grep -E '^ +Summary' "$2" | tail -n 1 | grep -oE '[0-9]+ passed' | grep -oE '[0-9]+')
      bad=$(grep -E '^ +Summary' "$2" | tail -n 1 | grep -oE '[0-9]+ (failed|timed out|exec failed)' | awk '{ n += $1 } END { print n + 0 }')
      ;;
    cargo)
      good=$(awk '/^test result:/ { n += $4 } END { print n + 0 }' "$2")
      bad=$(awk '/^test result:/ { n += $6 } END { print n + 0 }' "$2")
      ;;
    vitest)
      good=$(grep -E '^ *Tests ' "$2" | grep -oE '[0-9]+ passed' | grep -oE '[0-9]+')
      bad=$(grep -E '^ *Tests ' "$2" | grep -oE '[0-9]+ failed' | grep -oE '[0-9]+')
      ;;
    promises)
      good=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$2" | tail -n 1 | cut -d' ' -f1)
      bad=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$2" | tail -n 1 | cut -d' ' -f3)
      ;;
    one) good=$(($3 == 0)) ;;
  esac
  good=${good:-0}
  bad=${bad:-0}
  # It broke before it could count: that is a failure too.
  if [ "$3" != 0 ] && [ "$bad" = 0 ]; then
    bad=1
  fi
  echo "$good $bad"
}

step() { # name, form, command…
  local name=$1 form=$2 log=$work/log status=0 started=$SECONDS good bad
  shift 2
  note "$name"
  "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  read -r good bad <<<"$(count "$form" "$log" "$status")"
  passed=$((passed + good))
  failed=$((failed + bad))
  summary+=("$(printf '%-36s %5d passed %4d failed %6d s' "$name" "$good" "$bad" $((SECONDS - started)))")
}

skip() { # name, reason
  summary+=("$(printf '%-36s not run: %s' "$1" "$2")")
  if [ "${CI:-}" = true ]; then
    failed=$((failed + 1))
  fi
}

# The Rust tests, with nextest where it is installed. Always of the whole workspace, so that it is compiled once.
rust_tests() { # name, arguments…
  local name=$1
  shift
  if cargo nextest --version >/dev/null 2>&1; then
    step "$name" nextest cargo nextest run --workspace --no-fail-fast "$@"
  else
    step "$name" cargo cargo test --workspace --no-fail-fast "$@"
  fi
}

ui() { (cd ui && npm run --silent "$@"); }

scripts/setup.sh || exit 1
step "formatting" one cargo fmt --all --check
step "lints" one cargo clippy --workspace --all-targets -- -D warnings
export PMOS_TEST_DATABASE=sqlite
step "Rust: build" one build_for_tests
rust_tests "Rust, on SQLite"
if [ "${1:-}" != quick ]; then
  if postgres=$(scripts/postgres.sh start "$work"); then
    export PMOS_TEST_POSTGRES_URL=$postgres
    PMOS_TEST_DATABASE=postgres rust_tests "behaviour, on PostgreSQL" --test it
  else
    skip "behaviour, on PostgreSQL" "no server answers and none could be started"
  fi
  step "UI: build" one ui_build
  step "UI: its types are the protocol's" one ui protocol -- --check
  step "UI: types, lints, size" one ui check
  step "UI: tests" vitest ui test
  if find_browser >/dev/null; then
    step "UI in a browser" promises scripts/e2e.sh
  else
    skip "UI in a browser" "chromium is missing"
  fi
  if cargo deny --version >/dev/null 2>&1; then
    step "dependencies (cargo deny)" one cargo deny --offline check bans licenses sources
  fi
  if [ "${PMOS_TEST_CLIENTS:-}" = 1 ]; then
    step "OpenClaw's own client" promises scripts/clients.sh
  fi
fi

note "summary (${SECONDS} s)"
printf '%s\n' "${summary[@]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
