#!/bin/sh
# Chromium for the browser tests, from Debian's packages, where root may; elsewhere those tests are skipped. The one without
# a window does most of them in half the processor time; a machine that can't get it does them with the other.
set -eu
whole() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
light() { command -v chromium-headless-shell; }
get() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }

! { whole && light; } >/dev/null || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium …" >&2
    [ -n "$(apt-cache madison chromium-headless-shell 2>/dev/null)" ] || timeout 60 apt-get update >/dev/null 2>&1 || true
    whole >/dev/null || get chromium >/dev/null ||
        echo "Chromium could not be installed: browser tests will be skipped." >&2
    light >/dev/null || get chromium-headless-shell >/dev/null 2>&1 || true
else
    whole >/dev/null || light >/dev/null ||
        echo "No Chromium here: browser tests will be skipped. As root: apt-get install chromium" >&2
fi
