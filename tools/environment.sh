#!/bin/sh
# Usage: tools/environment.sh run|check
# Makes .venv hold what Koor needs to run, or that and what its tests and checks need. Quick when nothing has changed.
# One environment serves both: check.txt is run.txt and more, at the same versions, so `check` only ever adds.
set -eu
cd "$(dirname "$0")/.."
level=$1
export UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
say() { printf '%s\n' "$*" >&2; }

# The Python: the one of KOOR_PYTHON, else the system's own, else the first on the path. A distribution builds its own with
# profiles and at link time, and it runs a quarter faster than one that was compiled at home (pyenv); everybody may read it.
suits() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
python=${KOOR_PYTHON:-python3}
[ -n "${KOOR_PYTHON-}" ] || ! suits /usr/bin/python3 || python=/usr/bin/python3

extras=${KOOR_EXTRAS-faces fast}

# The same packages at the same place: the address counts because programs in .venv/bin name it.
mark=$( { pwd; "$python" --version; cat requirements/boot.txt requirements/run.txt requirements/check.txt requirements/faces.txt requirements/fast.txt \
    pyproject.toml; echo "$extras"; } | sha256sum | cut -d' ' -f1)
has() { [ "$(cat ".venv/.koor-$1" 2>/dev/null)" = "$mark" ]; }

venv_of_python() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
        say "Koor needs python3, 3.11 or later."; exit 1; }
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing python3-venv …"
        { apt-get update && apt-get install -y --no-install-recommends python3-venv; } >/dev/null
    else
        say "$python cannot make environments. As root: apt-get install python3-venv"; exit 1
    fi
}

# The compiled Dutch texts are not in the repository.
texts() {
    find koor -name '*.po' | while read -r po; do
        [ "${po%.po}.mo" -nt "$po" ] || { echo stale; break; }
    done | grep -q stale || return 0
    .venv/bin/python -m tools.messages --compile
}

# Where `koor service` runs the house, it may not write beside its code: what was fetched is compiled here.
served=; [ ! -e .venv/.koor-served ] || served=yes
compiled() {
    [ -n "$served" ] || return 0
    .venv/bin/python -m compileall -q -j 0 koor .venv/lib/python3*/site-packages >/dev/null || true
    touch .venv/.koor-served
}

ready() { if has check || { [ "$level" = run ] && has run; }; then texts; compiled; exit 0; fi; }
ready
# Two at once would spoil each other's work: the second waits, and mostly finds it done.
if command -v flock >/dev/null; then
    exec 9<requirements/boot.txt
    flock -n 9 || { say "Somebody is setting up here already: waiting …"; flock 9; }
    ready
fi

# A home folder that cannot be written (a service's user): keep the packages' cache here.
[ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR="$PWD/.boot/cache"

boot=$( { pwd; "$python" --version; cat requirements/boot.txt; } | sha256sum | cut -d' ' -f1)
if [ "$(cat .boot/.koor 2>/dev/null)" != "$boot" ]; then
    say "Setting up …"
    venv_of_python
    rm -rf .boot
    "$python" -m venv .boot
    .boot/bin/pip install --quiet --require-hashes -r requirements/boot.txt
    echo "$boot" >.boot/.koor
fi

# Who tests here keeps what tests need.
[ ! -x .venv/bin/pytest ] || level=check
say "Installing packages …"
# An environment of another place or another Python does not work here.
[ "$(cat .venv/.koor-place 2>/dev/null)" = "$(pwd) $("$python" --version)" ] || rm -rf .venv
[ -x .venv/bin/python ] || .boot/bin/uv venv --quiet --python "$python" .venv
rm -f .venv/.koor-run .venv/.koor-check
install() { .boot/bin/uv pip sync --quiet --require-hashes --python .venv/bin/python "$@"; }
# check.txt holds the extras; who starts gets those of KOOR_EXTRAS (all of them; empty: none) where their wheels fit.
missed() { case $1 in faces) say "No proposals of faces$2" ;; fast) say "No compiled matcher$2 The plain one answers the same." ;; esac; }
started() {
    with="requirements/run.txt"
    for extra in $extras; do with="$with requirements/$extra.txt"; done
    # shellcheck disable=SC2086
    install $with 2>/dev/null && return
    with="requirements/run.txt" # one by one: what is there already stays, also where nothing can be fetched
    for extra in $extras; do
        # shellcheck disable=SC2086
        install $with "requirements/$extra.txt" 2>.venv/.koor-why && with="$with requirements/$extra.txt" && continue
        if grep -q "no wheels" .venv/.koor-why; then missed "$extra" ": its package does not fit this machine."
        else again=later; missed "$extra" " yet: its package could not be fetched. The next start tries again."; fi
    done
    [ "$with" != requirements/run.txt ] || install $with 2>/dev/null || install --offline $with
}
if [ "$level" = run ]; then started; else install "requirements/$level.txt"; fi
.boot/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
echo "$(pwd) $("$python" --version)" >.venv/.koor-place
[ -n "${again-}" ] || echo "$mark" >".venv/.koor-$level"
texts
compiled
