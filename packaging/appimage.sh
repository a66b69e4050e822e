#!/usr/bin/env bash
# Lays out an AppDir, tries it, and packs it as an AppImage where appimagetool is there.
# usage: packaging/appimage.sh [PROGRAM] [OUT_DIR]    prints the path of the AppImage, or of the AppDir
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
program=$(realpath "${1:-$root/target/release/unravel}")
out=${2:-$root/target/packages}
dir=$out/Unravel.AppDir

rm -rf "$dir"
bash "$here/stage.sh" "$program" "$dir/usr"
# What appimagetool and file managers look for on top: the starter, one desktop file, its icon.
install -m755 "$here/linux/AppRun" "$dir/AppRun"
ln -s usr/share/applications/unravel.desktop "$dir/unravel.desktop"
ln -s usr/share/icons/hicolor/256x256/apps/unravel.png "$dir/unravel.png"
ln -s unravel.png "$dir/.DirIcon"
"$dir/AppRun" --version > /dev/null

image=$out/Unravel-$(bash "$here/version.sh")-$(uname -m).AppImage
if command -v appimagetool > /dev/null; then
  ARCH=$(uname -m) appimagetool "$dir" "$image" >&2
  echo "$image"
else
  echo "appimagetool is not installed, so the AppDir is not packed; with it run: ARCH=$(uname -m) appimagetool '$dir' '$image'" >&2
  echo "$dir"
fi
