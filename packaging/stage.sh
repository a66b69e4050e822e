#!/usr/bin/env bash
# Lays everything that is installed under a prefix; .deb, tarball and AppImage are made from the same tree.
# usage: packaging/stage.sh PROGRAM PREFIX
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
program=$(realpath "$1")
prefix=$2

install -Dm755 "$program" "$prefix/bin/unravel"
# The release profile strips already; a program of another profile is stripped here.
strip --strip-unneeded "$prefix/bin/unravel"
install -Dm644 "$here/linux/unravel.desktop" "$prefix/share/applications/unravel.desktop"
install -Dm644 "$here/linux/unravel.metainfo.xml" "$prefix/share/metainfo/local.unravel.unravel.metainfo.xml"
install -Dm644 "$here/linux/unravel-mime.xml" "$prefix/share/mime/packages/unravel.xml"
for png in "$root"/assets/icon/unravel-*.png; do
  size=${png##*-}
  size=${size%.png}
  install -Dm644 "$png" "$prefix/share/icons/hicolor/${size}x$size/apps/unravel.png"
done
install -Dm644 "$root/assets/icon/unravel.svg" "$prefix/share/icons/hicolor/scalable/apps/unravel.svg"

# The manual page from the program's own help, the notices from what cargo built it of.
mkdir -p "$prefix/share/man/man1" "$prefix/share/doc/unravel"
python3 "$here/man.py" "$program" > "$prefix/share/man/man1/unravel.1"
python3 "$here/notices.py" > "$prefix/share/doc/unravel/third-party.txt"
install -m644 "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$prefix/share/doc/unravel"
chmod 644 "$prefix/share/man/man1/unravel.1" "$prefix/share/doc/unravel/third-party.txt"
