#!/usr/bin/env bash
# make dev: the server in a debug build and the UI from vite, which reloads what is edited.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$top"

need_rust
need_node
ui_packages
cargo build --package pmos
# Both end together, whichever is stopped first.
trap 'kill 0' EXIT
"$target/debug/pmos" serve "$@" &
(cd ui && exec npm run --silent dev) &
wait -n
