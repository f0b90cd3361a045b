# shellcheck shell=bash
# What the scripts have in common. Sourced, never run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export top
# Where cargo builds: its own variable wins, as it does for cargo.
target=${CARGO_TARGET_DIR:-$top/target}
export target

note() { printf '\n== %s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Is version $1 at least $2?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_rust() {
  have cargo || fail "cargo is missing: install Rust 1.90 or newer from https://rustup.rs"
  local version
  version=$(cd "$top" && cargo --version | cut -d' ' -f2)
  at_least "$version" 1.90 || fail "cargo is $version and PMOS needs 1.90 or newer: rustup update stable"
  have cc || have gcc || have clang || fail "a C compiler is missing (SQLite is built from source): apt-get install build-essential"
}

need_node() {
  if ! have node || ! have npm; then
    fail "node or npm is missing: the UI is built with Node 20.19 or newer, from https://nodejs.org"
  fi
  local version
  version=$(node --version)
  at_least "${version#v}" 20.19 || fail "node is $version and the UI needs 20.19 or newer: https://nodejs.org"
}

# Install the UI's packages, if package-lock.json says others than are there.
ui_packages() {
  local installed=$top/ui/node_modules/.package-lock.json
  if [ -f "$installed" ] && [ ! "$top/ui/package-lock.json" -nt "$installed" ]; then
    return
  fi
  note "the UI's packages (npm ci)"
  (cd "$top/ui" && npm ci --no-audit --no-fund --loglevel=error)
  touch "$installed"
}

# Is ui/dist older than what it is made from?
ui_is_stale() {
  local built=$top/ui/dist/index.html
  [ -f "$built" ] || return 0
  [ -n "$(cd "$top/ui" && find src public index.html package-lock.json vite.config.ts -newer "$built" -print -quit)" ]
}

ui_build() {
  ui_packages
  if ui_is_stale; then
    note "the UI (vite build)"
    (cd "$top/ui" && npm run --silent build)
  fi
}

# All programs and tests, built as the tests are: `cargo build` alone would compile what they share a second time, because
# tests ask for more of it.
build_for_tests() { (cd "$top" && cargo build --workspace --bins --tests); }

# The browser for the UI's tests, if there is one.
find_browser() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && have "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}
