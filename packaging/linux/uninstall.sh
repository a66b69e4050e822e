#!/usr/bin/env bash
# Takes away what install.sh laid down: ./uninstall.sh [PREFIX]   (~/.local if not said). Your sessions and library stay.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-$HOME/.local}

(cd "$here/tree" && find . -type f) | while read -r file; do rm -f "$prefix/$file"; done
rmdir "$prefix/share/doc/unravel" 2> /dev/null || true
bash "$here/refresh.sh" "$prefix"
echo "Unravel is gone from $prefix"
