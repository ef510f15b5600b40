#!/bin/sh
# Compiles the arithmetic of sim/ in several ways and compares the digests: nightly, where both compilers are installed.
# Usage: tests/sim/same_bits.sh [work-folder]     Ends with 1 when two digests differ.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cat >"$work/main.cpp" <<'PROGRAM'
#include <cinttypes>
#include <cstdio>
#include "tests/sim/same_bits.hpp"
int main() { std::printf("%016" PRIx64 "\n", same_bits::digest()); }
PROGRAM
sources="$root/sim/maths.cpp $root/sim/maths_special.cpp $root/sim/maths_tables.cpp $root/sim/distribution.cpp \
$root/sim/distribution_moments.cpp $root/sim/distribution_residual.cpp $root/sim/distribution_make.cpp"
first=""
status=0
compared=0
compare() { # name, digest
  printf '%-44s %s\n' "$1" "$2"
  if [ -z "$first" ]; then first=$2; fi
  if [ "$2" != "$first" ]; then status=1; fi
  compared=$((compared + 1))
}
for compiler in g++ clang++; do
  if ! command -v "$compiler" >/dev/null; then
    echo "$compiler is not installed: left out"
    continue
  fi
  for level in "-O0" "-O2" "-O3 -march=native" "-O3 -march=native -flto"; do
    # shellcheck disable=SC2086  # lists of words
    if ! "$compiler" -std=c++20 $level -ffp-contract=off -I"$root" $sources "$work/main.cpp" -o "$work/program" 2>"$work/log"; then
      case $level in
        *lto*) echo "$compiler $level: cannot link here, left out"; continue ;;
        *) cat "$work/log"; exit 2 ;;
      esac
    fi
    compare "$compiler $level" "$("$work/program")"
    masked=$(GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-AVX2,-FMA_Usable,-FMA "$work/program")
    compare "$compiler $level, features masked" "$masked"
  done
done
if [ "$compared" -lt 4 ]; then
  echo "too few builds to compare"
  exit 2
fi
if [ "$status" -eq 0 ]; then echo "all the same"; else echo "DIFFERENT"; fi
exit "$status"
