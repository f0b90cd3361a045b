#!/usr/bin/env bash
# Install what the tests need and this machine lacks, where that is allowed: as root, or with a sudo that asks nothing.
# Says in a line each what stays missing; with CI=true that is a failure.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust
need_node
for component in fmt clippy; do
  cargo "$component" --version >/dev/null 2>&1 || rustup component add "${component/fmt/rustfmt}" >/dev/null 2>&1 \
    || fail "cargo $component is missing: rustup component add ${component/fmt/rustfmt}"
done

packages=()
find_browser >/dev/null || packages+=(chromium fonts-dejavu-core)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb || [ -n "${PMOS_TEST_POSTGRES_URL:-}" ] || packages+=(postgresql)
have psql || [[ " ${packages[*]} " == *" postgresql "* ]] || packages+=(postgresql-client)

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

if [ ${#packages[@]} -gt 0 ] && have apt-get && as_root true 2>/dev/null; then
  note "installing ${packages[*]}"
  as_root apt-get update -qq || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null || true
fi

missing=0
find_browser >/dev/null || { echo "not here: chromium, so the UI is not tested in a browser (apt-get install chromium fonts-dejavu-core)"; missing=1; }
if ! have psql || ! { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb || [ -n "${PMOS_TEST_POSTGRES_URL:-}" ]; }; then
  echo "not here: PostgreSQL, so nothing is tested on it (apt-get install postgresql)"
  missing=1
fi
if [ "$missing" = 1 ] && [ "${CI:-}" = true ]; then
  fail "CI=true, and something that the tests need is missing"
fi
