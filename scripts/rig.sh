# shellcheck shell=bash
# A server of its own for a test, whose model is the fake one of pmos-testkit. Sourced after lib.sh, never run.

rig=$(mktemp -d)
children=()

end_rig() {
  local child
  for child in "${children[@]}"; do
    kill "$child" 2>/dev/null || true
  done
  wait
  rm -rf "$rig"
}
trap end_rig EXIT

# What a process wrote that matches, once it has; fails with everything that it wrote if it ends first.
await() { # file, pattern, process
  local _
  for _ in $(seq 150); do
    if grep -m 1 -oE "$2" "$1"; then
      return
    fi
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  echo "this process did not start:" >&2
  cat "$1" >&2
  return 1
}

# Sets `pmos` to the command of a server whose model is the fake one.
start_model() {
  build_for_tests
  "$target/debug/fake-model" >"$rig/model" 2>&1 &
  children+=($!)
  model=$(await "$rig/model" 'http://[^ ]+' $!)
  # A data folder of its own, and nothing of this machine's environment but the fake model.
  pmos=(env -i PATH="$PATH" HOME="$rig" PMOS_DATA_DIR="$rig/data" OPENAI_API_KEY=test OPENAI_BASE_URL="$model" "$target/debug/pmos")
}

# Sets `page` to the address that the server prints.
start_server() {
  "${pmos[@]}" serve --listen 127.0.0.1:0 "$@" >"$rig/server" 2>&1 &
  children+=($!)
  page=$(await "$rig/server" 'http://127[^ ]+' $!)
}

# Ends with the status of a test, and where that failed, with what the server wrote.
verdict() {
  if [ "$1" != 0 ]; then
    echo "-- the server wrote:"
    tail -n 40 "$rig/server"
  fi
  exit "$1"
}
