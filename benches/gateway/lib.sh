# shellcheck shell=sh
# What the benches have in common. Sourced with `root` set, never run.

out=${OUT:-$root/target/bench-gateway}
target=${CARGO_TARGET_DIR:-$root/target}
bench=$target/release/pmos-bench-gateway
mkdir -p "$out"
work=$(mktemp -d)
model=
server=
cleanup() {
  for pid in $server $model; do kill "$pid" 2>/dev/null || :; done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

build() { (cd "$root" && cargo build --release "$@"); }

# The server that is measured: given, or the release build, which is made first. Rate limits would be what is measured.
pmos() {
  [ -n "${PMOS:-}" ] || build -p pmos >&2
  echo "env PMOS_LIMITS_SCALE=100000 ${PMOS_ENV:-} ${PMOS:-$target/release/pmos}"
}

# Make accounts, workspaces and a key for each: a fresh data directory prints a one-time link for its first account.
provision() { # command, URL, workspaces, file for the keys
  $1 >"$out/pmos-provision.log" 2>&1 &
  server=$!
  bootstrap=
  for _ in $(seq 100); do
    bootstrap=$(grep -o 'bootstrap=[A-Za-z0-9_-]*' "$out/pmos-provision.log" | head -n 1 | cut -d= -f2) && [ -n "$bootstrap" ] && break
    sleep 0.1
  done
  "$bench" provision --url "$2" --bootstrap "$bootstrap" --workspaces "$3" --out "$4"
  kill "$server"
  wait "$server" || :
  server=
}
