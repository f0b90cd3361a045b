#!/usr/bin/env bash
# make fuzz: each parser that reads what strangers write, for SECONDS_EACH seconds (60 without it) on what nobody thought of.
#   scripts/fuzz.sh [TARGET…]    all of fuzz/fuzz_targets without it
# What is found is kept in fuzz/artifacts, what leads far in fuzz/corpus; both are this machine's own.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$top"

have cargo-fuzz || fail "cargo-fuzz is missing: cargo install cargo-fuzz"
# The instrumentation is the compiler's own, but only a nightly one offers it without being told to.
export RUSTC_BOOTSTRAP=1
unset CARGO_TARGET_DIR
# No memory-unsafe code of ours is to be found: without a sanitizer it runs several times as often.
options=(--sanitizer none)
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(cargo fuzz list)
# The versions that the product is made of.
cp Cargo.lock fuzz/Cargo.lock
note "the targets (cargo fuzz build)"
cargo fuzz build "${options[@]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for name in "${targets[@]}"; do
  note "$name"
  mkdir -p "fuzz/corpus/$name"
  cargo fuzz run "${options[@]}" "$name" "fuzz/corpus/$name" "fuzz/seeds/$name" -- -max_total_time="${SECONDS_EACH:-60}" \
    -max_len=8192 -timeout=10 -rss_limit_mb=2048 >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    fail "$name: this is kept in fuzz/artifacts/$name"
  }
  grep -E 'cov: ' "$log" | tail -n 1
  grep -E '^Done' "$log"
done
