#!/usr/bin/env bash
# Lays out Unravel.app and, on a Mac, signs it and makes the disk image.
# usage: packaging/macos/bundle.sh PROGRAM [OUT_DIR]
# PROGRAM is built on a Mac: cargo build --release --locked (for both processors: build with --target aarch64-apple-darwin
# and x86_64-apple-darwin and join them with lipo -create). SIGN names a certificate; without it the signature is ad hoc.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=$1
out=${2:-$root/target/packages}
version=$(bash "$root/packaging/version.sh")
app=$out/Unravel.app

rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
cp "$program" "$app/Contents/MacOS/unravel"
chmod 755 "$app/Contents/MacOS/unravel"
sed "s/@VERSION@/$version/g" "$here/Info.plist" > "$app/Contents/Info.plist"
printf 'APPL????' > "$app/Contents/PkgInfo"
cp "$root/assets/icon/unravel.icns" "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$app/Contents/Resources"
python3 "$root/packaging/notices.py" aarch64-apple-darwin > "$app/Contents/Resources/third-party.txt"

if [ "$(uname)" != Darwin ]; then
  echo "this is no Mac: the bundle is laid out but neither signed nor packed as a disk image" >&2
  echo "$app"
  exit 0
fi
codesign --force --options runtime --sign "${SIGN:--}" "$app"
image=$out/Unravel-$version.dmg
hdiutil create -ov -volname Unravel -srcfolder "$app" -format UDZO "$image" > /dev/null
echo "$image"
