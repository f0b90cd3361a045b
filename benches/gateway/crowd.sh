#!/bin/sh
# What many tenants cost: `agents.list` in one of 1,000 workspaces with 50 agents each, beside a workspace alone; on PostgreSQL,
# what row-level security costs on the same list. Ratios of CPU, measured in turn in one run.
#
#   benches/gateway/crowd.sh                                             on SQLite
#   POSTGRES=postgres://root@127.0.0.1:5432/postgres benches/gateway/crowd.sh    on PostgreSQL, too
#
#   QUICK=1         short runs: does everything work?
#   WORKSPACES=N    instead of 1,000
#   OUT, PMOS, PMOS_ENV    as in run.sh
#
# The PostgreSQL server must be of this machine, because the CPU of its processes counts, and its login a superuser: it makes
# two databases, drops them in the end, and is what row-level security does not hold back.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=benches/gateway/lib.sh
. "$root/benches/gateway/lib.sh"
workspaces=${WORKSPACES:-1000}
build -p pmos-bench-gateway
pmos=$(pmos)

# Two houses on one database system, each filled by the product itself.
crowd() { # sqlite or postgres
  alone="$pmos serve --listen 127.0.0.1:18793 --data-dir $work/$1-alone"
  crowd="$pmos serve --listen 127.0.0.1:18794 --data-dir $work/$1-crowd"
  databases=
  if [ "$1" = postgres ]; then
    drop
    trap 'cleanup; drop' EXIT
    sql "CREATE DATABASE pmos_bench_alone"
    sql "CREATE DATABASE pmos_bench_crowd"
    alone="$alone --database-url $(database alone)"
    crowd="$crowd --database-url $(database crowd)"
    databases="--alone-database $(database alone) --crowd-database $(database crowd)"
  fi
  provision "$alone" ws://127.0.0.1:18793 1 "$work/alone.keys"
  provision "$crowd" ws://127.0.0.1:18794 "$workspaces" "$work/crowd.keys"
  # shellcheck disable=SC2086 # words of their own
  "$bench" crowd $databases ${QUICK:+--reps 3 --seconds 1} \
    --alone-url ws://127.0.0.1:18793 --alone-tokens-file "$work/alone.keys" --alone-cmd "$alone >>$out/crowd.log 2>&1" \
    --crowd-url ws://127.0.0.1:18794 --crowd-tokens-file "$work/crowd.keys" --crowd-cmd "$crowd >>$out/crowd.log 2>&1" \
    >"$out/crowd-$1.json"
  cat "$out/crowd-$1.json"
}

database() { echo "${POSTGRES%/*}/pmos_bench_$1"; }
sql() { PGOPTIONS="-c client_min_messages=warning" psql -Xqw -v ON_ERROR_STOP=1 "$POSTGRES" -c "$1" >&2; }
drop() {
  for name in alone crowd; do sql "DROP DATABASE IF EXISTS pmos_bench_$name WITH (FORCE)"; done
}

crowd sqlite
if [ -n "${POSTGRES:-}" ]; then
  crowd postgres
  "$bench" walls --database "$(database crowd)" ${QUICK:+--reps 3 --seconds 1} >"$out/walls.json"
  cat "$out/walls.json"
fi
