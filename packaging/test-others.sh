#!/usr/bin/env bash
# Tries the packages that need no clean root: tarball (installed, used, removed), AppDir, and what can be checked of the
# Windows and macOS recipes without those systems.
# usage: packaging/test-others.sh [PROGRAM]    needs desktop-file-utils, libxml2-utils; wixl and windres are used if there
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
program=$(realpath "${1:-$root/target/release/unravel}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "packages: $*"; }
fail() {
  echo "packages: $*" >&2
  exit 1
}
works() { "$1" unmix "$root/sample_data/pain_tablet.jdx" --method evidence --out "$work/out-$RANDOM" | grep Paracetamol > /dev/null; }

say "tarball"
tar -xzf "$(bash "$here/tarball.sh" "$program" "$work")" -C "$work"
HOME=$work/home bash "$work"/unravel-*/install.sh > /dev/null
works "$work/home/.local/bin/unravel" || fail "the installed program does not work"
desktop-file-validate "$work/home/.local/share/applications/unravel.desktop"
HOME=$work/home bash "$work"/unravel-*/uninstall.sh > /dev/null
left=$(find "$work/home" -type f -iname '*unravel*')
[ -z "$left" ] || fail "left behind: $left"

say "AppDir"
bash "$here/appimage.sh" "$program" "$work" > /dev/null 2> "$work/appimage"
cat "$work/appimage"
works "$work/Unravel.AppDir/AppRun" || fail "the AppDir does not work"
for name in AppRun unravel.desktop unravel.png .DirIcon; do
  [ -s "$work/Unravel.AppDir/$name" ] || fail "$name is missing in the AppDir"
done

say "macOS bundle"
app=$(bash "$here/macos/bundle.sh" "$program" "$work" 2> /dev/null)
python3 - "$app" << 'EOF' || fail "the bundle is not whole"
import os, plistlib, sys
contents = os.path.join(sys.argv[1], "Contents")
info = plistlib.load(open(os.path.join(contents, "Info.plist"), "rb"))
assert os.access(os.path.join(contents, "MacOS", info["CFBundleExecutable"]), os.X_OK)
icon = open(os.path.join(contents, "Resources", info["CFBundleIconFile"] + ".icns"), "rb").read()
assert icon[:4] == b"icns" and int.from_bytes(icon[4:8], "big") == len(icon)
assert info["CFBundleVersion"][0].isdigit()
known = {e for kind in info["CFBundleDocumentTypes"] for e in kind["CFBundleTypeExtensions"]}
assert {"spc", "wdf", "jdx", "unravel"} <= known
EOF

say "Windows recipe"
xmllint --noout "$here/windows/unravel.wxs" "$here/windows/unravel.manifest"
if command -v x86_64-w64-mingw32-windres > /dev/null; then
  (cd "$here/windows" && x86_64-w64-mingw32-windres --preprocessor=cc --preprocessor-arg=-E --preprocessor-arg=-xc-header \
    --preprocessor-arg=-DRC_INVOKED -D VERSION_COMMAS=0,1,0,0 -D 'VERSION_TEXT=\"0.1.0\"' -O coff -i unravel.rc -o "$work/unravel.res")
else
  echo "windres is not installed, so the resource script is not compiled"
fi
if command -v wixl > /dev/null; then
  # Any file does for the tables; the program of another system is small enough to pack only as an empty one.
  cp "$here/windows/unravel.wxs" "$root/assets/icon/unravel.ico" "$root"/LICENSE-* "$work"
  touch "$work/unravel.exe" "$work/third-party.txt"
  (cd "$work" && wixl -a x64 -D Version="$(bash "$here/version.sh")" -o unravel.msi unravel.wxs)
else
  echo "wixl is not installed, so the MSI is not made"
fi
say "good"
