#!/usr/bin/env bash
# Builds the Debian package from a release program.
# usage: packaging/deb.sh [PROGRAM] [OUT_DIR]    prints the path of the .deb; needs dpkg-dev, binutils, python3, cargo
# DEB_COMPRESSION="gzip 1" packs in seconds, for trials; without it xz.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
program=$(realpath "${1:-$root/target/release/unravel}")
out=${2:-$root/target/packages}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

version=$(bash "$here/version.sh")-1
architecture=$(dpkg --print-architecture)
tree=$work/unravel
bash "$here/stage.sh" "$program" "$tree/usr"

# In a package the licences stand in one file and documents are packed.
doc=$tree/usr/share/doc/unravel
rm "$doc"/LICENSE-*
install -m644 "$here/debian/copyright" "$doc/copyright"
sed "s/@VERSION@/$version/" "$here/debian/changelog" > "$doc/changelog.Debian"
gzip -9n "$doc/changelog.Debian" "$doc/third-party.txt" "$tree/usr/share/man/man1/unravel.1"
install -Dm644 "$here/debian/lintian-overrides" "$tree/usr/share/lintian/overrides/unravel"

# What the program is linked with, found by dpkg-shlibdeps; what it opens while running stands in the control file.
mkdir -p "$work/debian"
: > "$work/debian/control"
linked=$(cd "$work" && dpkg-shlibdeps -O "$tree/usr/bin/unravel" 2> "$work/shlibdeps" | sed -n 's/^shlibs:Depends=//p')
[ -n "$linked" ] || { cat "$work/shlibdeps" >&2; exit 1; }

mkdir "$tree/DEBIAN"
size=$(du -k -s --apparent-size "$tree/usr" | cut -f 1)
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s/@LINKED@/$linked/" \
  "$here/debian/control" > "$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > "$tree/DEBIAN/md5sums"
chmod 644 "$tree"/DEBIAN/*

mkdir -p "$out"
deb=$out/unravel_${version}_$architecture.deb
read -r kind level <<< "${DEB_COMPRESSION:-xz 6}"
dpkg-deb --root-owner-group "-Z$kind" "-z$level" --build "$tree" "$deb" > /dev/null
echo "$deb"
