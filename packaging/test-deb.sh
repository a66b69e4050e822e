#!/usr/bin/env bash
# Installs the Debian package in a clean root with nothing but its own dependencies, without network, and uses it there:
# types of files, command line, window.
# usage: packaging/test-deb.sh [PROGRAM]
# The root is made once by mmdebstrap and kept in the user's cache folder. Needs root (or sudo) for chroot, and xvfb,
# xdotool, mmdebstrap, desktop-file-utils, appstream; `.ci/run` installs them. A picture goes to $UNRAVEL_E2E_OUT.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
program=$(realpath "${1:-$root/target/release/unravel}")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/unravel
work=$(mktemp -d)
clean=$work/root
server=

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
finish() {
  if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; fi
  as_root rm -rf "$work"
}
trap finish EXIT
say() { echo "package: $*"; }
fail() {
  echo "package: $*" >&2
  exit 1
}

say "building the .deb"
deb=$(DEB_COMPRESSION="gzip 1" bash "$here/deb.sh" "$program" "$work/out")
if command -v lintian > /dev/null; then lintian --allow-root --fail-on error,warning "$deb" || fail "lintian complains"; fi

say "desktop file and metainfo"
dpkg-deb -x "$deb" "$work/tree"
desktop-file-validate "$work/tree/usr/share/applications/unravel.desktop"
appstreamcli validate --no-net "$work"/tree/usr/share/metainfo/*.xml > "$work/appstream" || fail "$(cat "$work/appstream")"

# A minimal system with the tools that register types of files, and the packages that ours asks for, not yet installed.
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
tools=shared-mime-info,desktop-file-utils,libglib2.0-bin
key=$(echo "$release $tools $(dpkg-deb -f "$deb" Depends)" | sha256sum | head -c 12)
kept=$cache/root-$key.tar
if [ ! -f "$kept" ]; then
  say "making a clean root of Debian $release (kept as $kept)"
  mkdir -p "$cache"
  as_root mmdebstrap --quiet --variant=minbase --skip=cleanup/apt --include="$tools" \
    --customize-hook="copy-in $deb /" \
    --customize-hook="chroot \"\$1\" apt-get install -qqy --no-install-recommends --download-only /$(basename "$deb") > /dev/null" \
    --customize-hook="rm \"\$1/$(basename "$deb")\"" \
    "$release" "$work/root.tar" > "$work/mmdebstrap" 2>&1 || { cat "$work/mmdebstrap" >&2; rm -f "$work/root.tar"; }
  if [ -f "$work/root.tar" ]; then rm -f "$cache"/root-*.tar && mv "$work/root.tar" "$kept"; fi
fi
if [ ! -f "$kept" ]; then
  say "no clean root can be made here (see above); the package is only unpacked and its libraries are looked for"
  if ldd "$work/tree/usr/bin/unravel" | grep "not found"; then fail "libraries are missing"; fi
  "$work/tree/usr/bin/unravel" unmix "$root/sample_data/pain_tablet.jdx" --out "$work/unmixed"
  exit 0
fi

say "installing in a clean root, without network"
mkdir "$clean"
as_root tar -xf "$kept" -C "$clean"
as_root cp "$deb" "$clean/unravel.deb"
as_root mkdir -p "$clean/trial" "$clean/tmp/.X11-unix"
as_root cp "$root/sample_data/pain_tablet.jdx" "$root/sample_data/unknown_powder.spc" "$clean/trial"
printf 'WDF1 and more' | as_root tee "$clean/trial/map.wdf" "$clean/trial/nameless" > /dev/null

# Its own mounts and no network; both end with the command.
inside() {
  # shellcheck disable=SC2016
  as_root unshare --mount --net sh -c '
    mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
    clean=$1; shift
    exec chroot "$clean" env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LC_ALL=C.UTF-8 DISPLAY="$DISPLAY" "$@"' sh "$clean" "$@"
}
export DISPLAY=
mkdir -p /tmp/.X11-unix
inside env DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends /unravel.deb \
  > "$work/apt" 2>&1 || fail "$(cat "$work/apt")"
inside dpkg --verify unravel || fail "installed files differ from the package"

say "types of files"
type_of() { inside gio info -a standard::content-type "/trial/$1" | sed -n 's/.*content-type: //p'; }
expect() { [ "$(type_of "$1")" = "$2" ] || fail "$1 is taken for $(type_of "$1") instead of $2"; }
expect unknown_powder.spc chemical/x-galactic-spc
expect pain_tablet.jdx chemical/x-jcamp-dx
expect map.wdf application/x-renishaw-wdf
expect nameless application/x-renishaw-wdf
inside gio mime application/x-renishaw-wdf > "$work/handlers"
grep -q unravel.desktop "$work/handlers" || fail "WDF files are not opened with Unravel"

say "the command line"
inside unravel info /trial/unknown_powder.spc > "$work/info"
grep -q "Galactic SPC" "$work/info" || fail "the SPC sample is not read"
inside unravel unmix /trial/pain_tablet.jdx --method evidence,rssnet --out /trial/out > "$work/unmixed"
grep -q "Paracetamol .*100 % sure" "$work/unmixed" || fail "$(cat "$work/unmixed")"

say "the window"
exec 7> "$work/display"
Xvfb -displayfd 7 -screen 0 1280x800x24 -nolisten tcp -noreset -ac > "$work/xvfb.log" 2>&1 &
server=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=:$(tr -d '[:space:]' < "$work/display")
inside unravel /trial/pain_tablet.jdx > "$work/log" 2>&1 &
window=
for _ in $(seq 300); do
  window=$(xdotool search --onlyvisible --name Unravel 2> /dev/null | tail -n 1 || true)
  [ -n "$window" ] && [ "$(xdotool getwindowname "$window")" != Unravel ] && break
  sleep 0.1
done
[ -n "$window" ] || fail "no window appears: $(cat "$work/log")"
[ "$(xdotool getwindowname "$window")" = "New session* - Unravel" ] || fail "the window did not open the file: $(cat "$work/log")"
xprop -id "$window" WM_CLASS _NET_WM_ICON > "$work/properties"
grep -q '^WM_CLASS.*"unravel"' "$work/properties" || fail "the window does not belong to unravel.desktop"
grep -q '^_NET_WM_ICON.*=\|^_NET_WM_ICON(.*)' "$work/properties" || fail "the window has no icon"
if [ -n "${UNRAVEL_E2E_OUT:-}" ] && command -v import > /dev/null; then
  sleep 1
  mkdir -p "$UNRAVEL_E2E_OUT"
  import -window root "$UNRAVEL_E2E_OUT/package.png"
fi
xdotool windowclose "$window"

say "removing it leaves nothing behind"
inside env DEBIAN_FRONTEND=noninteractive apt-get purge -qqy unravel > "$work/apt" 2>&1 || fail "$(cat "$work/apt")"
left=$(cd "$clean" && find usr var etc -iname '*unravel*' -not -path 'var/log/*' -not -path 'var/lib/dpkg/*')
[ -z "$left" ] || fail "left behind: $left"
say "good"
