#!/usr/bin/env bash
# OpenClaw's own command line against this server. Downloads it, and the Node that it needs, into a cache the first time.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/rig.sh
. "$(dirname "$0")/rig.sh"
cd "$top"

need_node
have tmux || fail "tmux is missing: the client's terminal page runs in it (apt-get install tmux)"
start_model
password=seven-lanterns-on-the-river
echo "$password" | "${pmos[@]}" admin create-user --email ada@example.com --name Ada --password-stdin
token=$(echo "$password" | "${pmos[@]}" admin create-token --email ada@example.com --scope admin | head -n 1)
start_server
status=0
page=${page%/}
node clients/openclaw.mjs --url "ws${page#http}" --token "$token" || status=$?
verdict "$status"
