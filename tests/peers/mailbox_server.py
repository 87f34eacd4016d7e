"""Dovecot with one mailbox, in a folder of the test's own and under the user who runs the test."""

from __future__ import annotations

import getpass
import grp
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from shutil import rmtree
from typing import Self

from koor.kernel.imap import TLS, Server
from tests.peers.mail_server import certificate, free_port
from tools import peers

USER, PASSWORD = "koor@reurslag.example", 'the "password" of the mailbox, é'

NOBODY = 65534

CONFIGURATION = """
protocols = imap
base_dir = {base}
log_path = {folder}/log
{users}
first_valid_gid = 0
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
ssl_min_protocol = TLSv1.2
auth_failure_delay = 0 s
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/people
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service auth {{
  user = {user}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class MailboxServer:
    """A running server; `put` lays a letter into the box as a mail server would."""

    def __init__(self, folder: Path, mechanisms: str = "plain") -> None:
        self.host = "localhost"
        self.certificate = certificate(folder)
        self.port, self.plain, self.mechanisms = free_port(), free_port(), mechanisms

    def __enter__(self) -> Self:
        dovecot = peers.program(peers.PEERS["dovecot"])
        if not dovecot:
            raise RuntimeError("the peer dovecot is not installed: apt-get install dovecot-imapd")
        self.folder = Path(tempfile.mkdtemp(prefix="koor-dovecot-"))  # its sockets want a short path
        self.folder.chmod(0o755)
        if os.getuid() == 0:  # Dovecot reads no mail as root
            os.chown(self.folder, NOBODY, NOBODY)
        (self.folder / "people").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        file = self.folder / "dovecot.conf"
        file.write_text(CONFIGURATION.format(**self._fields()))
        self._process = subprocess.Popen([dovecot, "-F", "-c", str(file)], stderr=subprocess.DEVNULL)
        for port in (self.port, self.plain):
            self._wait_for(port)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        rmtree(self.folder, ignore_errors=True)

    def _fields(self) -> dict[str, object]:
        user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        ours = {"default_login_user": user, "default_internal_user": user, "default_internal_group": group}
        users = ours if os.getuid() else {}  # root has the users of the package
        named: dict[str, object] = {"users": "\n".join(f"{key} = {value}" for key, value in users.items())}
        named |= {"user": user, "uid": os.getuid() or NOBODY, "gid": os.getgid() or NOBODY}
        named |= {"folder": self.folder, "base": self.folder / "run"}
        return named | {key: getattr(self, key) for key in ("certificate", "port", "plain", "mechanisms")}

    def _wait_for(self, port: int) -> None:
        for _attempt in range(100):
            try:
                socket.create_connection((self.host, port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        log = self.folder / "log"
        raise RuntimeError(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")

    @property
    def places(self) -> str:
        """Its hosts and ports, as KOOR_ALLOW_HOSTS names them."""
        return f"{self.host}:{self.port},{self.host}:{self.plain}"

    def server(self, secure: str = TLS, password: str = PASSWORD) -> Server:
        return Server(self.host, self.port if secure == TLS else self.plain, USER, password, secure)

    def put(self, letter: bytes, name: str = "") -> None:
        new = self.folder / "mail" / "new"
        new.mkdir(parents=True, exist_ok=True)
        for part in ("cur", "tmp"):
            (new.parent / part).mkdir(exist_ok=True)
        (new / (name or f"{time.time_ns()}.koor.test")).write_bytes(letter)
        if os.getuid() == 0:
            for path in (new.parent, *new.parent.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def forget_numbers(self) -> None:
        """As when a mailbox was restored from a backup: all letters get other numbers. What keeps these from being
        given twice within one second stays."""
        for file in (self.folder / "mail").glob("dovecot*"):
            if not file.name.startswith("dovecot-uidvalidity"):
                file.unlink()
