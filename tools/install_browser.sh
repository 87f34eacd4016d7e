#!/bin/sh
# Chromium for the browser tests, from Debian's package, where root may; elsewhere those tests are skipped.
set -eu
for name in chromium chromium-browser google-chrome; do
    ! command -v "$name" >/dev/null || exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium …" >&2
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >/dev/null ||
        echo "Chromium could not be installed: browser tests will be skipped." >&2
else
    echo "No Chromium here: browser tests will be skipped. As root: apt-get install chromium" >&2
fi
