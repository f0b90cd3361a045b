#!/usr/bin/env bash
# make protocol: docs/protocol.json from the methods, and the UI's types from that.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$top"

cargo build --package pmos
mkdir -p docs
# Written beside and moved: a failure leaves the old one.
"$target/debug/pmos" protocol >docs/protocol.json.new
mv docs/protocol.json.new docs/protocol.json
(cd ui && npm run --silent protocol)
