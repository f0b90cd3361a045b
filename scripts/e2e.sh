#!/usr/bin/env bash
# The UI in a real browser against a real server.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/rig.sh
. "$(dirname "$0")/rig.sh"
cd "$top"

CHROMIUM=$(find_browser) || fail "chromium is missing: apt-get install chromium fonts-dejavu-core"
export CHROMIUM
ui_build
start_model
start_server --ui-dir ui/dist
status=0
PMOS_URL=${page%%/#*} PMOS_BOOTSTRAP=${page##*=} node ui/e2e/run.mjs || status=$?
verdict "$status"
