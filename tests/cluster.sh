#!/usr/bin/env bash
# Fails a cluster over under writers and readers, and holds the log against what each writer was told: etcd and three nodes of Patroni in synchronous mode, on loopback, in a temporary folder.
# Fails over by a planned switch, by cutting the leader off its power (kill -9 of all its processes), and by freezing a leader that wakes up when its successor is at work.
#
#   tests/cluster.sh [ROUNDS]      each kind so many times; 1, or 4 where FLUENTEVENTSTORE_LONG is set
#
# Needs Debian's packages patroni, etcd-server and python3-etcd, of which none need run as a service, and the user postgres where it runs as root.
set -euo pipefail

skip() { echo "Skipped: $1"; exit 0; }

for program in patroni patronictl etcd psql; do
  command -v "$program" >/dev/null || skip "there is no $program. Install patroni, etcd-server, python3-etcd and postgresql; none of them need run as a service."
done
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1) || true
[ -n "${bin:-}" ] && [ -x "$bin/initdb" ] || skip "there is no PostgreSQL below /usr/lib/postgresql."
as=()
if [ "$(id -u)" = 0 ]; then
  id postgres >/dev/null 2>&1 || skip "there is no user postgres for the servers to run as."
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi

rounds=${1:-$([ -n "${FLUENTEVENTSTORE_LONG:-}" ] && echo 4 || echo 1)}
here=$(cd "$(dirname "$0")/.." && pwd)
dotnet build "$here/tests/FluentEventStore.Proofs" -v q
work=$(mktemp -d)
base=$((20000 + RANDOM % 20000))
[ ${#as[@]} = 0 ] || chown postgres "$work"
etcd=
test=
declare -A patroni

run() { "${as[@]}" env -i PATH="$PATH" HOME="$work" LC_ALL=C.UTF-8 "$@"; }
postmaster() { head -1 "$work/$1/data/postmaster.pid" 2>/dev/null || true; }

# All processes of a node that this script has started: Patroni, the server, and what the server has forked.
processes() {
  local server
  server=$(postmaster "$1")
  echo "${patroni[$1]}"
  pgrep -P "${patroni[$1]}" || true
  [ -z "$server" ] || { echo "$server"; pgrep -P "$server" || true; }
}

signal() { processes "$2" | sort -u | xargs -r kill "-$1" 2>/dev/null || true; }

clean() {
  trap - EXIT
  [ -z "$test" ] || kill "$test" 2>/dev/null || true
  for node in "${!patroni[@]}"; do
    signal CONT "$node"
    signal KILL "$node"
  done
  [ -z "$etcd" ] || kill -9 "$etcd" 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT

start() {
  run patroni "$work/$1.yml" >>"$work/$1.log" 2>&1 &
  patroni[$1]=$!
  disown
}

configure() {
  local node=$1 number=$2
  cat >"$work/$node.yml" <<YAML
scope: fes
name: $node
restapi: {listen: "127.0.0.1:$((base + 10 + number))", connect_address: "127.0.0.1:$((base + 10 + number))"}
etcd3: {host: "127.0.0.1:$base"}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 3
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters: {max_connections: 100, wal_log_hints: "on", synchronous_commit: "on", shared_buffers: 32MB, wal_keep_size: 256MB}
  initdb: [{encoding: UTF8}, {auth: trust}]
postgresql:
  listen: "127.0.0.1:$((base + 20 + number))"
  connect_address: "127.0.0.1:$((base + 20 + number))"
  data_dir: $work/$node/data
  bin_dir: $bin
  pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust", "local all all trust"]
  parameters: {unix_socket_directories: "$work"}
  authentication:
    superuser: {username: postgres}
    replication: {username: postgres}
    rewind: {username: postgres}
YAML
  mkdir -p "$work/$node"
  [ ${#as[@]} = 0 ] || chown -R postgres "$work/$node" "$work/$node.yml"
}

ask() { psql -h 127.0.0.1 -p "$1" -U postgres -d postgres -XAtqc "$2" 2>/dev/null; }

# The node that leads by etcd's word and answers as a primary with a synchronous standby. Waits for one that is another than the first argument.
leader() {
  local deadline=$((SECONDS + 120)) node number
  while [ "$SECONDS" -lt "$deadline" ]; do
    for number in 1 2 3; do
      node=n$number
      [ "$node" != "${1:-}" ] || continue
      if [ "$(PGCONNECT_TIMEOUT=2 timeout 5 bash -c "$(declare -f ask); ask $((base + 20 + number)) \"select not pg_is_in_recovery() and exists (select from pg_stat_replication where sync_state in ('sync', 'quorum'))\"")" = t ]; then
        echo "$node"
        return
      fi
    done
    sleep 0.5
  done
  echo "No leader was found within two minutes." >&2
  tail -n 20 "$work"/n?.log >&2
  return 1
}

# Waits until both other nodes follow the leader, so that losing it leaves one to lead and one to confirm. A node that cannot follow is made anew after a while.
heal() {
  local began=$SECONDS lead port node number followers
  while [ $((SECONDS - began)) -lt 240 ]; do
    lead=$(leader)
    port=$((base + 20 + ${lead#n}))
    followers=$(ask "$port" "select string_agg(application_name, ' ') from pg_stat_replication where state = 'streaming'") || followers=
    [ "$(wc -w <<<"$followers")" -lt 2 ] || return 0
    if [ $((SECONDS - began)) -gt 40 ]; then
      for number in 1 2 3; do
        node=n$number
        [ "$node" = "$lead" ] || [[ " $followers " == *" $node "* ]] || run patronictl -c "$work/n1.yml" reinit fes "$node" --force --wait >/dev/null 2>&1 || true
      done
    fi
    sleep 1
  done
  echo "The nodes did not come together within four minutes." >&2
  tail -n 20 "$work"/n?.log >&2
  return 1
}

run etcd --data-dir "$work/etcd" --listen-client-urls "http://127.0.0.1:$base" --advertise-client-urls "http://127.0.0.1:$base" \
  --listen-peer-urls "http://127.0.0.1:$((base + 1))" --initial-advertise-peer-urls "http://127.0.0.1:$((base + 1))" \
  --initial-cluster "default=http://127.0.0.1:$((base + 1))" >"$work/etcd.log" 2>&1 &
etcd=$!
disown
for number in 1 2 3; do
  configure "n$number" "$number"
  start "n$number"
done
heal
echo "Leader: $(leader)"

export FLUENTEVENTSTORE_CLUSTER="Host=127.0.0.1:$((base + 21)),127.0.0.1:$((base + 22)),127.0.0.1:$((base + 23));Username=postgres;Database=postgres;Timeout=5;Command Timeout=10"
export FLUENTEVENTSTORE_CLUSTER_END="$work/end"
dotnet run --no-build --project "$here/tests/FluentEventStore.Proofs" -- -class "*.ClusterTests" -showliveoutput >"$work/test.log" 2>&1 &
test=$!
until [ -e "$work/end.begun" ]; do
  kill -0 "$test" 2>/dev/null || break
  sleep 0.5
done
sleep 5

for round in $(seq "$rounds"); do
  for kind in switch power freeze; do
    kill -0 "$test" 2>/dev/null || break 2
    heal
    before=$(leader)
    case $kind in
      switch) run patronictl -c "$work/n1.yml" switchover fes --force >/dev/null ;;
      power) signal KILL "$before" ;;
      freeze)
        frozen=$(processes "$before" | sort -u)
        # Patroni first, which would otherwise see its server stop.
        kill -STOP "${patroni[$before]}"
        xargs -r kill -STOP <<<"$frozen" 2>/dev/null || true
        ;;
    esac
    after=$(leader "$before")
    echo "Round $round, $kind: from $before to $after"
    sleep 3
    case $kind in
      power) start "$before" ;;
      freeze) xargs -r kill -CONT <<<"$frozen" 2>/dev/null || true ;;
    esac
    sleep 8
  done
done

leader >/dev/null
touch "$work/end"
code=0
wait "$test" || code=$?
test=
cat "$work/test.log"
[ "$code" = 0 ] && echo "Passed." || echo "Failed."
exit "$code"
