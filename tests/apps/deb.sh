#!/usr/bin/env bash
# The package installs and runs on a bare Debian: built, put into a fresh tree made by debootstrap, and tried there.
# usage: deb.sh SOURCE_DIR   (as root; 77 = not run, and why)
set -euo pipefail
source_dir=$1

skip() { echo "not run: $1"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "making a tree needs root"
for program in debootstrap chroot dpkg-shlibdeps cmake; do
  command -v "$program" >/dev/null || skip "there is no $program here"
done
. /etc/os-release
[ "${ID:-}" = debian ] || skip "this is ${ID:-no Debian}, and its packages are not Debian's"
# The mirror this machine uses itself.
mirror=$(apt-get indextargets --format '$(SITE)' "Created-By: Packages" 2>/dev/null | grep -v security | grep debian | head -1)
[ -n "$mirror" ] || skip "this machine names no mirror of Debian"

work=$(mktemp -d)
trap 'umount "$work/tree/proc" 2>/dev/null || true; rm -rf "$work"' EXIT
cmake -S "$source_dir" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTL_WITH_MPI=OFF -DBUILD_TESTING=OFF >/dev/null
cmake --build "$work/build" --target package >/dev/null
package=$(ls "$work"/build/*.deb)
echo "package: $(basename "$package"), $(stat -c %s "$package") bytes"
dpkg-deb --field "$package" Depends

tree=$work/tree
debootstrap --variant=minbase "$VERSION_CODENAME" "$tree" "$mirror" >"$work/debootstrap.log" 2>&1 ||
  { tail -3 "$work/debootstrap.log"; skip "debootstrap cannot make a tree here"; }
cp /etc/resolv.conf "$tree/etc/resolv.conf" 2>/dev/null || true
for settings in /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf; do
  [ -e "$settings" ] && cp "$settings" "$tree/etc/apt/apt.conf.d/"
done
cp "$package" "$tree/root/"
cat >"$tree/root/try.sh" <<'TRY'
set -eu
export DEBIAN_FRONTEND=noninteractive
cd /root
apt-get update -qq
apt-get install -y -qq --no-install-recommends ./throughline_*.deb >/root/install.log 2>&1 || { tail -5 /root/install.log; exit 1; }
models=/usr/share/throughline/models/examples
throughline --version
throughline check $models/money.toml >/dev/null
throughline run $models/money.toml --replications 3 -o results >/dev/null 2>&1
throughline results results >/dev/null
throughline report results 2>/dev/null
throughline report results --brief brief.pdf --workbook results.xlsx --csv tables --stress stress.md --events log.xes 2>warnings >/dev/null
grep -q "is not installed" warnings && { cat warnings; exit 1; }
head -c 5 brief.pdf | grep -q '%PDF-'
head -c 2 results.xlsx | grep -q PK
grep -q '</log>' log.xes
test -s results/report.html
test -e /usr/share/doc/throughline/README.md
test -e /usr/share/doc/throughline/guide/brief.md
test -e /usr/share/throughline/scenarios/la-county/study.toml
throughline check /usr/share/throughline/scenarios/la-county/study.toml >/dev/null
echo "installed, run, reported"
TRY
chroot "$tree" sh /root/try.sh
