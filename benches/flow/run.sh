#!/usr/bin/env bash
# The workflow engine in figures: CPU time, workers included. Quiet machine, release build.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --release --package pmos --package pmos-bench-flow >&2
"$target/release/pmos-bench-flow" "$target/release/pmos"
