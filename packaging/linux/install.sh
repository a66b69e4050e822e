#!/usr/bin/env bash
# Installs Unravel for this user, or for all below another prefix: ./install.sh [PREFIX]   (~/.local if not said)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-$HOME/.local}

mkdir -p "$prefix"
(cd "$here/tree" && find . -type f) | while read -r file; do
  mode=644
  [ "$file" = ./bin/unravel ] && mode=755
  install -Dm"$mode" "$here/tree/$file" "$prefix/$file"
done
# Menus find the program even where the prefix is not in their path.
sed -i "s|^Exec=unravel|Exec=\"$prefix/bin/unravel\"|" "$prefix/share/applications/unravel.desktop"
bash "$here/refresh.sh" "$prefix"
echo "Unravel is installed: $prefix/bin/unravel"
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *) echo "$prefix/bin is not in your PATH; start Unravel from the menu or by its whole path." ;;
esac
