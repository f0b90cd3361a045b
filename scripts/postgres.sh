#!/usr/bin/env bash
# A PostgreSQL server for the tests.
#   scripts/postgres.sh start FOLDER   prints the URL of one: PMOS_TEST_POSTGRES_URL, a private one whose data is in
#                                      FOLDER, or, where none can be made, one that runs here already
#   scripts/postgres.sh stop FOLDER    ends the private one, if it was started
set -euo pipefail

# May tests make databases and roles there?
usable() {
  local may="SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles WHERE rolname = current_user"
  [ "$(PGCONNECT_TIMEOUT=3 psql -w -X -A -t -c "$may" "$1" 2>/dev/null)" = t ]
}

# The folder of initdb and pg_ctl; Debian keeps them off the PATH.
bin_dir() {
  local dir
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /nowhere/x)")"; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
      printf '%s\n' "$dir"
      return
    fi
  done
  return 1
}

# PostgreSQL refuses to run as root.
as_user() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif id postgres >/dev/null 2>&1; then
    runuser -u postgres -- "$@"
  else
    runuser -u nobody -- "$@"
  fi
}

start_private() {
  local folder=$1 bin port
  bin=$(bin_dir)
  mkdir -p "$folder"
  chmod 755 "$folder"
  mkdir -p "$folder/pg"
  if [ "$(id -u)" = 0 ]; then
    chown "$(id -u postgres 2>/dev/null || id -u nobody)" "$folder/pg"
  fi
  port=$((20000 + RANDOM % 20000))
  {
    as_user "$bin/initdb" --pgdata "$folder/pg/data" --username pmos_test --auth trust --encoding UTF8 --no-sync
    # What a test writes needs to survive nothing.
    as_user "$bin/pg_ctl" --pgdata "$folder/pg/data" --log "$folder/pg/log" --wait start \
      --options "-p $port -k $folder/pg -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c autovacuum=off -c max_connections=300"
  } >&2
  printf 'postgres://pmos_test@127.0.0.1:%s/postgres\n' "$port"
}

start() {
  local url
  if [ -n "${PMOS_TEST_POSTGRES_URL:-}" ]; then
    usable "$PMOS_TEST_POSTGRES_URL" || {
      echo "PMOS_TEST_POSTGRES_URL is set, and no server answers there that lets tests make databases and roles" >&2
      return 1
    }
    printf '%s\n' "$PMOS_TEST_POSTGRES_URL"
    return
  fi
  # A server of somebody else's waits for the disk at each of the hundreds of databases that come and go.
  if bin_dir >/dev/null; then
    start_private "$1"
    return
  fi
  for url in "postgres://$(id -un)@127.0.0.1:5432/postgres" "postgres://$(id -un)@%2Fvar%2Frun%2Fpostgresql/postgres"; do
    if command -v psql >/dev/null && usable "$url"; then
      printf '%s\n' "$url"
      return
    fi
  done
  return 1
}

stop() {
  if [ -f "$1/pg/data/postmaster.pid" ]; then
    as_user "$(bin_dir)/pg_ctl" --pgdata "$1/pg/data" --mode immediate stop >/dev/null
  fi
}

case ${1:-} in
  start) start "$2" ;;
  stop) stop "$2" ;;
  *) echo "usage: scripts/postgres.sh start|stop FOLDER" >&2 && exit 2 ;;
esac
