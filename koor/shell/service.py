"""`koor service`: the systemd units that let a house start with its machine, and a checked backup every night."""

from __future__ import annotations

import compileall
import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from koor.kernel.postgres import socket_folder
from koor.kernel.trouble import Trouble

STOP_SECONDS = 90  # the workers finish, then the database
KEEP_DAYS = 30


@dataclass(frozen=True)
class Service:
    """Where a house lives and who it runs as. `settings` is the file with KOOR_URL and so on."""

    user: str
    home: Path
    root: Path  # of the code, with .venv
    settings: Path = Path("/etc/koor/koor.env")
    backups: Path = Path("/var/backups/koor")
    wrapper: Path = Path("/usr/local/bin/koor")

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", self.user):
            raise Trouble(f"{self.user!r} is no user name")
        for path in (self.home, self.root, self.settings, self.backups):
            if not path.is_absolute() or re.search(r"[\s%\"'\\$]", str(path)):
                raise Trouble(f"systemd wants a whole path without spaces, quotes, $ and %: {path}")

    @property
    def command(self) -> str:
        return f"{self.root}/.venv/bin/koor"


def units(service: Service) -> dict[str, str]:
    """The text of each unit, by its file name."""
    return {
        "koor.service": _house(service),
        "koor-backup.service": _backup(service),
        "koor-backup.timer": _timer(),
    }


def _common(service: Service) -> str:
    """Run as an ordinary user that can write nowhere but in the house."""
    private_tmp = "yes" if socket_folder(service.home).is_relative_to(service.home) else "no"
    return f"""\
User={service.user}
WorkingDirectory={service.root}
Environment=KOOR_HOME={service.home} PYTHONDONTWRITEBYTECODE=1
EnvironmentFile=-{service.settings}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome={"no" if str(service.home).startswith(("/home/", "/root/")) else "read-only"}
PrivateTmp={private_tmp}
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictSUIDSGID=yes
LockPersonality=yes
UMask=0077
"""


def _house(service: Service) -> str:
    return f"""\
[Unit]
Description=Koor
After=network-online.target
Wants=network-online.target

[Service]
ExecStart={service.command} start
Restart=always
RestartSec=2
# Only the supervisor is asked to stop: it stops the rest, the database last.
KillMode=mixed
TimeoutStopSec={STOP_SECONDS}
LimitNOFILE=65536
ReadWritePaths={service.home}
{_common(service)}
[Install]
WantedBy=multi-user.target
"""


def _backup(service: Service) -> str:
    name = f"{service.backups}/koor-$$(date +%%F-%%H%%M).backup"
    return f"""\
[Unit]
Description=Backup of Koor, restored into an empty place to prove it

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'exec {service.command} backup {name} --check --passphrase-file ${{KOOR_PASSPHRASE_FILE}}'
ExecStartPost=/usr/bin/find {service.backups} -maxdepth 1 -name koor-*.backup -mtime +{KEEP_DAYS} -delete
Environment=KOOR_PASSPHRASE_FILE={service.settings.parent}/passphrase
Nice=10
# Where the house stood still this starts its database; the house may use it by the time that this ends.
KillMode=process
ReadWritePaths={service.home} {service.backups}
{_common(service)}"""


def _timer() -> str:
    return """\
[Unit]
Description=Backup of Koor every night

[Timer]
OnCalendar=*-*-* 03:30
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
"""


def wrapper_text(service: Service) -> str:
    """The command as the house itself would run it: its user, its settings."""
    return f"""\
#!/bin/sh
# Written by `koor service`: Koor's command, as the user of the house and with its settings.
set -e
[ "$(id -un)" = {service.user} ] || exec setpriv --reuid={service.user} --regid={service.user} --init-groups "$0" "$@"
set -a
HOME={service.home}
. {service.settings}
KOOR_HOME={service.home}
PYTHONDONTWRITEBYTECODE=1
exec {service.command} "$@"
"""


def settings_text(service: Service, url: str) -> str:
    """A first settings file; only what an administrator has to think about."""
    return f"""\
# Settings of Koor. After a change: systemctl restart koor
KOOR_URL={url}
KOOR_PORT=8000
# The proxy with the certificate, as Koor sees it
KOOR_TRUSTED_PROXIES=127.0.0.1,::1

# Mail. SMTP_TLS=1 asks for STARTTLS. A password stands in single quotes: '…'
#SMTP_HOST=smtp.example.org
#SMTP_PORT=587
#SMTP_USER=
#SMTP_PASSWORD=''
#SMTP_TLS=1
#SMTP_FROM="Koor <koor@example.org>"

# A PostgreSQL of your own (18 or later) in the place of the one that Koor brings along
#DATABASE_URL=postgresql://koor:…@db.example.org/koor?sslmode=require
# Servers in your own network that Koor may call
#KOOR_ALLOW_HOSTS=
# {service.home} holds everything that must be kept
"""


def write(service: Service, folder: Path, url: str) -> list[Path]:
    """Put the units into `folder`, and a first settings file and a command where there are none; what was written.

    Raises Trouble when that is not allowed.
    """
    wanted = [(folder / name, text, 0o644) for name, text in units(service).items()]
    once = [(service.settings, settings_text(service, url), 0o600), (service.wrapper, wrapper_text(service), 0o755)]
    wanted += [(path, text, mode) for path, text, mode in once if not path.exists()]
    try:
        for path, text, mode in wanted:
            _put(path, text, mode)
    except OSError as error:
        advice = " (as root it can)" if isinstance(error, PermissionError) else ""
        raise Trouble(f"{error.filename} cannot be written: {error.strerror}{advice}") from error
    return [path for path, _text, _mode in wanted]


def what_follows(service: Service) -> list[str]:
    """What an administrator does after that, in order; `docs/operate/install.md` says why."""
    folder = service.settings.parent
    passphrase = folder / "passphrase"
    choose = [
        f"install -o {service.user} -m 600 /dev/null {passphrase}",
        f"openssl rand -base64 30 > {passphrase}   # seals the backups: keep a copy in another place",
    ]
    return [
        f"chown -R {service.user}: {folder}",
        *([] if passphrase.exists() else choose),  # one that is there opens the backups that are there
        "systemctl daemon-reload",
        "systemctl enable --now koor koor-backup.timer",
    ]


def _put(path: Path, text: str, mode: int) -> None:
    if path.parent.name == "koor":  # /etc/koor is ours to make; a folder for units or commands is not
        path.parent.mkdir(mode=0o755, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    path.chmod(mode)


def compile_code(service: Service) -> None:
    """The house may not write in the folder of its code, so Python would compile it anew at every start."""
    for folder in (service.root / "koor", *service.root.glob(".venv/lib/python3*/site-packages")):
        compileall.compile_dir(str(folder), quiet=2, workers=0)
    (service.root / ".venv" / ".koor-served").touch()  # `make setup` then compiles what an upgrade fetched


def unreachable() -> str:
    """The folder that keeps another user from this Python or this code, or nothing."""
    for place in (Path(sys.executable).resolve(), code_root() / "koor"):
        for folder in place.parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                return f"{folder} (on the way to {place})"
    return ""


def code_root() -> Path:
    """Where this Koor stands: the folder of its .venv."""
    return Path(sys.prefix).parent
