#!/usr/bin/env bash
# Tells the desktop what changed, where it has the tools for that: refresh.sh PREFIX
set -euo pipefail
share=$1/share
if command -v update-mime-database > /dev/null && [ -d "$share/mime/packages" ]; then update-mime-database "$share/mime"; fi
if command -v update-desktop-database > /dev/null; then update-desktop-database -q "$share/applications"; fi
if command -v gtk-update-icon-cache > /dev/null; then gtk-update-icon-cache -qtf "$share/icons/hicolor" || true; fi
