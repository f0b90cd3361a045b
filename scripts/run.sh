#!/usr/bin/env bash
# make run: build what is stale, then serve. Arguments go to `pmos serve`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$top"

need_rust
need_node
ui_build
note "the server (cargo build, about five minutes the first time on two cores)"
cargo build --profile start --package pmos --features embed-ui
note "the server starts; Ctrl-C stops it"
exec "$target/start/pmos" serve "$@"
