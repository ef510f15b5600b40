#!/usr/bin/env bash
# Runs a study through apps/slurm/throughline-study.sh on a real Slurm of one node, which it starts on this machine and
# stops again, and compares every published file with those of one plain run. Exit code 77: skipped, and why.
#   usage: slurm.sh PROGRAM SOURCE-FOLDER
set -euo pipefail
program=$1 source=$2

skip() { echo "skipped: $*"; exit 77; }
for tool in slurmctld slurmd sbatch squeue scontrol munged; do
  PATH="$PATH:/usr/sbin" command -v "$tool" >/dev/null || skip "there is no $tool (packages slurm-wlm and munge)"
done
PATH="$PATH:/usr/sbin"
[ "$(id -u)" -eq 0 ] || skip "slurmd has to be started by root"

folder=$(mktemp -d) started=()
cleanup() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
chmod 755 "$folder"
mkdir -m 700 "$folder/munge" "$folder/state" "$folder/spool"
head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 400 "$folder/munge/key"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
node=$(hostname -s) cores=$(nproc)
cat >"$folder/slurm.conf" <<TXT
ClusterName=throughline
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=5,bf_interval=5,sched_min_interval=100000
MpiDefault=none
ReturnToService=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=$cores State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
TXT
export SLURM_CONF="$folder/slurm.conf"

munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" \
  --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" \
  >"$folder/munged.out" 2>&1 &
started+=($!)
for _ in $(seq 100); do [ -S "$folder/munge/socket" ] && break; sleep 0.1; done
[ -S "$folder/munge/socket" ] || skip "munged does not start: $(tail -2 "$folder/munged.out" "$folder/munge/log" 2>&1)"
slurmctld -D >"$folder/slurmctld.out" 2>&1 &
started+=($!)
slurmd -D -N "$node" >"$folder/slurmd.out" 2>&1 &
started+=($!)
up=no
for _ in $(seq 120); do
  if sinfo -h -o %T 2>/dev/null | grep -qE '^(idle|mixed|allocated)'; then up=yes; break; fi
  sleep 0.5
done
[ "$up" = yes ] || skip "Slurm does not start here: $(tail -3 "$folder/slurmctld.log" "$folder/slurmd.log" 2>&1)"

cp "$source"/tests/apps/models/{tiny,study}.toml "$folder"
cd "$folder"
"$program" run study.toml -o whole >whole.log 2>&1
"$source/apps/slurm/throughline-study.sh" study.toml -o results -n 3 -p "$program" >submitted.txt
cat submitted.txt
jobs=$(sed -n 's/^parts \(.*\) merge \(.*\)$/\1,\2/p' submitted.txt)
for _ in $(seq 600); do
  [ -z "$(squeue -h -j "$jobs" 2>/dev/null)" ] && break
  sleep 0.5
done
if [ -n "$(squeue -h -j "$jobs" 2>/dev/null)" ]; then
  squeue -j "$jobs"
  echo "failed: the jobs did not end within five minutes"
  exit 1
fi
if ! diff -r --exclude=.lock whole results; then
  tail -n 5 results.parts/*.log
  echo "failed: the results differ from those of one run"
  exit 1
fi
echo "Slurm $(sbatch --version): 3 parts and a merge, $(find results -type f ! -name .lock | wc -l) files, all as of one run"
