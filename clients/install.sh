#!/bin/sh
# Puts the pinned real client and the Node that it needs into a cache and prints two lines: the node binary, the client's script.
#   clients/install.sh            OPENCLAW_VERSION and NODE_VERSION choose others; PMOS_CLIENTS_DIR another cache
# Two installs, Node first: the client's install script refuses any Node below 24.16.
set -eu
openclaw_version=${OPENCLAW_VERSION:-2026.9.6}
node_version=${NODE_VERSION:-24.21.0}
cache=${PMOS_CLIENTS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/pmos/clients}
node_dir=$cache/node-$node_version
openclaw_dir=$cache/openclaw-$openclaw_version
node=$node_dir/node_modules/node/bin/node
openclaw=$openclaw_dir/node_modules/openclaw/openclaw.mjs

install() { # folder, package: complete or absent, never half
  rm -rf "$1.part" && mkdir -p "$1.part"
  npm install --no-audit --no-fund --loglevel=error --prefix "$1.part" "$2" >&2
  rm -rf "$1" && mv "$1.part" "$1"
}

[ -x "$node" ] || install "$node_dir" "node@$node_version"
[ -f "$openclaw" ] || PATH="$(dirname "$node"):$PATH" install "$openclaw_dir" "openclaw@$openclaw_version"
printf '%s\n%s\n' "$node" "$openclaw"
