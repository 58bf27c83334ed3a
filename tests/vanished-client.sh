#!/usr/bin/env bash
# Shows that the server finds clients that vanish without a word within 30 seconds, with the options that the store sends when it connects: one for which the server waits, and one
# to which it sends. A client's network is cut inside a network namespace of its own, so that neither FIN nor RST is ever sent. Needs root, ip and an installed PostgreSQL.
set -euo pipefail

skip() { echo "Skipped: $1"; exit 0; }

[ "$(id -u)" = 0 ] || skip "only root can make a network namespace."
command -v ip >/dev/null || skip "there is no ip (Debian: iproute2)."
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1) || true
[ -n "${bin:-}" ] && [ -x "$bin/initdb" ] || skip "there is no PostgreSQL below /usr/lib/postgresql."
id postgres >/dev/null 2>&1 || skip "there is no user postgres for the server to run as."

here=$(cd "$(dirname "$0")/.." && pwd)
options=$(grep -o '\-c tcp_keepalives_idle=[^"]*' "$here/src/FluentEventStore/Postgres/StoreConnections.cs" | head -1)
[ -n "$options" ] || { echo "The options of the store were not found."; exit 1; }

name=fes$$
subnet=10.231.$((RANDOM % 250))
port=$((20000 + RANDOM % 20000))
work=$(mktemp -d)
chown postgres "$work"

clean() {
  trap - EXIT
  jobs -p | xargs -r kill 2>/dev/null || true
  [ ! -f "$work/data/postmaster.pid" ] || su postgres -c "'$bin/pg_ctl' -D '$work/data' -m immediate stop" >/dev/null 2>&1 || true
  ip netns pids "$name" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
  ip netns del "$name" 2>/dev/null || true
  ip link del "${name}h" 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT

ip netns add "$name" 2>/dev/null || skip "this machine allows no network namespace."
ip link add "${name}h" type veth peer name "${name}c"
ip link set "${name}c" netns "$name"
ip addr add "$subnet.1/24" dev "${name}h"
ip link set "${name}h" up
ip netns exec "$name" ip addr add "$subnet.2/24" dev "${name}c"
ip netns exec "$name" ip link set "${name}c" up

su postgres -c "'$bin/initdb' -D '$work/data' -A trust" >/dev/null
echo "host all all $subnet.0/24 trust" >>"$work/data/pg_hba.conf"
su postgres -c "'$bin/pg_ctl' -D '$work/data' -w -l '$work/log' -o \"-p $port -c listen_addresses=$subnet.1 -c unix_socket_directories='$work'\" start" >/dev/null

ask() { psql -h "$work" -p "$port" -U postgres -d postgres -XAtqc "$1"; }
client() { ip netns exec "$name" env PGOPTIONS="$options" PGAPPNAME="$1" psql -h "$subnet.1" -p "$port" -U postgres -d postgres -Xq -v ON_ERROR_STOP=1 "${@:2}"; }

# Waits for its client in the middle of a statement, which no idle_in_transaction_session_timeout ends.
mkfifo "$work/rows"
exec 3<>"$work/rows"
client waiting -c "begin" -c "create temporary table t (x int)" -c "copy t from stdin" <&3 >/dev/null 2>&1 &
# Sends more than the client's socket takes.
client sending -c "select repeat('x', 1000000) from generate_series(1, 1000)" 2>/dev/null | sleep 300 &

until [ "$(ask "select count(*) from pg_stat_activity where application_name in ('waiting', 'sending') and wait_event in ('ClientRead', 'ClientWrite')")" = 2 ]; do sleep 0.2; done

cut=$(date +%s)
ip netns exec "$name" ip link set "${name}c" down
while left=$(ask "select string_agg(application_name, ', ') from pg_stat_activity where application_name in ('waiting', 'sending')") && [ -n "$left" ]; do
  if [ $(($(date +%s) - cut)) -gt 40 ]; then
    echo "Failed: after 40 seconds the server still has: $left."
    exit 1
  fi
  sleep 0.5
done
echo "Passed: both clients were found gone after $(($(date +%s) - cut)) seconds."
