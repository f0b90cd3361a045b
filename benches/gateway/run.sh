#!/bin/sh
# PMOS beside the real OpenClaw gateway: the same series on both, one after the other, then their ratios.
#
#   benches/gateway/run.sh        everything; takes about 20 minutes, most of them OpenClaw's. Run it on a quiet machine.
#
#   QUICK=1         short runs, one repetition: does everything work?
#   ONLY=pmos       measure this server alone (or `openclaw`) and compare with what the other gave last time
#   OUT=DIR         reports, logs and series; default target/bench-gateway
#   PMOS=FILE       the server; default the release build, which is made first
#   PMOS_ENV="A=B"  more environment for it; rate limits are raised, because they would be what is measured
#   PMOS_TOKENS=F   keys of a prepared PMOS data directory (PMOS_DATA=DIR); default: a fresh one is provisioned
#
# Neither server leaves this machine: OpenClaw's update check, telemetry, discovery and model catalogue are switched off, and
# the model of both is our fake one.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=benches/gateway/lib.sh
. "$root/benches/gateway/lib.sh"
only=${ONLY:-}
build -p pmos-bench-gateway -p pmos-testkit --bins
set -- ${QUICK:+--quick true} ${REPS:+--reps "$REPS"}

model_url=http://127.0.0.1:18999/v1
PMOS_ENV="OPENAI_API_KEY=fake OPENAI_BASE_URL=$model_url ${PMOS_ENV:-}"
"$target/release/fake-model" --listen 127.0.0.1:18999 >"$out/fake-model.log" &
model=$!

measure_openclaw() {
  installed=$("$root/clients/install.sh")
  node=$(echo "$installed" | sed -n 1p)
  script=$(echo "$installed" | sed -n 2p)
  mkdir -p "$work/openclaw/.openclaw"
  cat >"$work/openclaw/.openclaw/openclaw.json" <<JSON
{
  "gateway": { "mode": "local", "port": 18791, "bind": "loopback", "auth": { "mode": "token", "token": "bench-token" } },
  "update": { "checkOnStart": false },
  "telemetry": { "enabled": false },
  "discovery": { "mdns": { "mode": "off" } },
  "agents": { "defaults": { "model": { "primary": "fake/fake-model" }, "heartbeat": { "every": "0m" } } },
  "models": {
    "mode": "replace",
    "catalogRefresh": { "enabled": false },
    "providers": {
      "fake": {
        "baseUrl": "$model_url", "apiKey": "fake-key", "api": "openai-completions",
        "models": [{
          "id": "fake-model", "name": "Fake model", "reasoning": false, "input": ["text"],
          "cost": { "input": 1, "output": 2, "cacheRead": 0, "cacheWrite": 0 },
          "contextWindow": 120000, "maxTokens": 8192
        }]
      }
    }
  }
}
JSON
  command="env -i PATH=$(dirname "$node"):$PATH HOME=$work/openclaw OPENCLAW_NO_AUTO_UPDATE=1 $node $script gateway run"
  "$bench" suite --url ws://127.0.0.1:18791 --token bench-token \
    --cmd "$command >>$out/openclaw.log 2>&1" --out "$out/openclaw.json" "$@"
}

measure_pmos() {
  command="$(pmos) serve --listen 127.0.0.1:18792 --data-dir ${PMOS_DATA:-$work/pmos}"
  keys=${PMOS_TOKENS:-$work/keys}
  [ -n "${PMOS_TOKENS:-}" ] || provision "$command" ws://127.0.0.1:18792 64 "$keys"
  "$bench" suite --url ws://127.0.0.1:18792 --token "$(head -n 1 "$keys")" --tokens-file "$keys" \
    --cmd "$command >>$out/pmos.log 2>&1" --out "$out/pmos.json" "$@"
}

[ "$only" = pmos ] || measure_openclaw "$@"
[ "$only" = openclaw ] || measure_pmos "$@"
if [ -f "$out/openclaw.json" ] && [ -f "$out/pmos.json" ]; then
  "$bench" compare "$out/openclaw.json" "$out/pmos.json" --out "$out/report"
fi
