#!/usr/bin/env bash
# Kills a study (SIGKILL) at random moments that follow from a number, goes on each time with other threads or ranks, and
# compares every published file with those of a study that was not disturbed.
#   usage: killed.sh PROGRAM STUDY [KILLS] [NUMBER] [more options of run ...]
#   e.g.:  tests/apps/killed.sh throughline scenarios/la-county/sweep.toml 5 1
set -euo pipefail
program=$1 study=$2 kills=${3:-5} number=${4:-1}
shift $(($# < 4 ? $# : 4))

folder=$(mktemp -d) running=""
cleanup() {
  if [ -n "$running" ]; then kill -KILL -- "-$running" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT

# A whole number below $2 that follows from the number and $1 alone.
drawn() { echo $((16#$(printf '%s-%s' "$number" "$1" | sha256sum | cut -c1-12) % $2)); }
now() { date +%s%N; }
ranks_there=no
if command -v mpirun >/dev/null && ldd "$(command -v "$program")" | grep -q libmpi; then ranks_there=yes; fi

# The k-th way to run: threads 1 to 3, or 1 to 4 ranks where there is MPI.
way() {
  local threads=$((1 + $(drawn "threads$1" 3))) ranks=$((1 + $(drawn "ranks$1" 4)))
  if [ "$ranks_there" = yes ] && [ $(($1 % 2)) -eq 1 ]; then
    echo "mpirun --allow-run-as-root --oversubscribe -n $ranks $program run --threads 1"
  else
    echo "$program run --threads $threads"
  fi
}

began=$(now)
"$program" run "$study" -o "$folder/whole" "$@" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
whole=$((($(now) - began) / 1000000))
echo "undisturbed: $((whole / 1000)).$(printf %03d $((whole % 1000))) s, $(find "$folder/whole/shards" -name '*.h5' | wc -l) shards"

for ((k = 1; k <= kills; ++k)); do
  # Each gets at most its share of the time, so that the last kill still finds work to break off.
  moment=$((200 + whole * (300 + $(drawn "moment$k" 900)) / 1000 / kills))
  set -m
  # shellcheck disable=SC2046
  $(way "$k") "$study" -o "$folder/cut" "$@" >"$folder/log" 2>&1 </dev/null &
  running=$!
  set +m
  sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
  hit="came after the end"
  if kill -KILL -- "-$running" 2>/dev/null; then hit="killed after $moment ms"; fi
  wait "$running" 2>/dev/null || true
  # Ranks of a killed mpirun are in groups of their own and end by themselves; until then they hold the folder.
  for _ in $(seq 300); do
    if ! pgrep -f -- "-o $folder/cut" >/dev/null; then break; fi
    sleep 0.1
  done
  running=""
  echo "$k: $(way "$k" | sed "s,$program,throughline,"): $hit, $(find "$folder/cut/shards" -name '*.h5' 2>/dev/null | wc -l) shards kept"
done

$(way 0) "$study" -o "$folder/cut" "$@" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
grep -h "runs\? done" "$folder/log" || true
if ! diff -r --exclude=.lock "$folder/whole" "$folder/cut"; then
  echo "failed: the disturbed study differs"
  exit 1
fi
echo "$kills kills, $(find "$folder/cut" -type f ! -name .lock | wc -l) files, all as of the undisturbed study"
