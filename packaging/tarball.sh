#!/usr/bin/env bash
# Builds an archive for any Linux, installed without root by the install.sh in it.
# usage: packaging/tarball.sh [PROGRAM] [OUT_DIR]    prints the path of the .tar.gz
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
program=$(realpath "${1:-$root/target/release/unravel}")
out=${2:-$root/target/packages}
name=unravel-$(bash "$here/version.sh")-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

bash "$here/stage.sh" "$program" "$work/$name/tree"
install -m755 "$here/linux/install.sh" "$here/linux/uninstall.sh" "$work/$name"
install -m644 "$here/linux/refresh.sh" "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work/$name"

mkdir -p "$out"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -czf "$out/$name.tar.gz" "$name"
echo "$out/$name.tar.gz"
