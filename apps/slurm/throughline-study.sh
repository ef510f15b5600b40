#!/usr/bin/env bash
# Runs a study as a Slurm job array, one part of the study a task, and merges the parts when all are done.
set -euo pipefail

usage() {
  cat <<'TXT'
usage: throughline-study.sh STUDY -o RESULTS -n PARTS [-p PROGRAM] [-- sbatch options]

  STUDY       the study (.toml), on a disk that every machine of the cluster sees
  -o RESULTS  folder for the results; the parts go to RESULTS.parts/1, 2 ...
  -n PARTS    how many parts
  -p PROGRAM  the program; "throughline" if not said
  --          what follows is given to sbatch for the parts, as --cpus-per-task=8 --time=2:00:00

The same command again goes on: parts that are done take a moment. A part that Slurm stops or requeues goes on where it
stopped. When a part fails, the merge is not started; mend what its log says and give the same command again.
TXT
}

study="" results="" parts="" program=throughline
while [ $# -gt 0 ]; do
  case "$1" in
    -o) results="${2:?-o needs a folder}"; shift 2 ;;
    -n) parts="${2:?-n needs a number}"; shift 2 ;;
    -p) program="${2:?-p needs a program}"; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    --) shift; break ;;
    -*) usage >&2; exit 2 ;;
    *) study="$1"; shift ;;
  esac
done
if [ -z "$study" ] || [ -z "$results" ] || ! [ "${parts:-x}" -ge 1 ] 2>/dev/null; then
  usage >&2
  exit 2
fi
command -v sbatch >/dev/null || { echo "There is no sbatch here: this is no machine of a Slurm cluster." >&2; exit 1; }
# A mistake in the study is told here and now, not by every task of the array.
"$program" check "$study" >/dev/null

folder="$results.parts"
mkdir -p "$folder"
quoted() { printf '%q' "$1"; }

# SIGTERM reaches the program half a minute before the time is up, so that it stops in order.
array=$(sbatch --parsable --job-name=throughline --array="1-$parts" --requeue --open-mode=append --signal=TERM@30 \
  --output="$folder/%a.log" "$@" --wrap "exec $(quoted "$program") run $(quoted "$study") \
--shard \$SLURM_ARRAY_TASK_ID/$parts --threads \${SLURM_CPUS_PER_TASK:-1} -o $(quoted "$folder")/\$SLURM_ARRAY_TASK_ID")
array=${array%%;*}

folders=""
for ((i = 1; i <= parts; ++i)); do folders+=" $(quoted "$folder/$i")"; done
merge=$(sbatch --parsable --job-name=throughline-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  --requeue --open-mode=append --output="$folder/merge.log" \
  --wrap "exec $(quoted "$program") merge$folders -o $(quoted "$results")")
merge=${merge%%;*}

echo "parts $array merge $merge"
echo "How far it is: squeue -j $array,$merge    what a part says: $folder/1.log"
echo "When both are gone from squeue: $program results $results"
