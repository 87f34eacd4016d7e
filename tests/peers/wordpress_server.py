"""A real WordPress on loopback, from the packages of the system: PHP's own server over a MariaDB of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from tests.peers.mail_server import free_port
from tools import peers

FROM = Path("/usr/share/wordpress")
USER = "koor"
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%(socket)s'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_ENVIRONMENT_TYPE', 'local'); define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
define('WP_HOME', '%(url)s'); define('WP_SITEURL', '%(url)s');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'localhost'; $_SERVER['SERVER_NAME'] = 'localhost';
function wp_mail() { return true; }
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Reurslag', 'boss', 'boss@example.org', true, '', 'a password of this test alone');
update_option('comment_moderation', 0); update_option('comment_previously_approved', 0);
update_option('timezone_string', 'Asia/Kathmandu');
$made = [];
foreach (['koor' => 'editor', 'newcomer' => 'contributor'] as $name => $role) {
    $id = wp_insert_user(['user_login' => $name, 'user_pass' => 'x' . wp_generate_password(20), 'role' => $role,
                          'user_email' => $name . '@example.org', 'display_name' => ucfirst($name)]);
    $made[$name] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Koor'])[0];
}
wp_insert_term('Nieuws', 'category');
echo 'MADE ' . json_encode($made) . "\\n";
"""


class WordpressServer:
    """A running site; `passwords` are the application passwords of the editor `koor` and of `newcomer`."""

    passwords: dict[str, str]

    def __enter__(self) -> Self:
        if not peers.is_there("wordpress"):
            raise RuntimeError("the peer wordpress is not installed: python -m tools.peers wordpress")
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="koor-wordpress-")))
            self.folder.chmod(0o755)
            self.port = free_port()
            self.url = f"http://127.0.0.1:{self.port}"
            self._start_base(stack)
            self._make_site()
            root = self.folder / "site"
            served = ["/usr/bin/php", "-d", "upload_max_filesize=8M", "-S", f"127.0.0.1:{self.port}", "-t", str(root)]
            self._start(stack, served, PHP_CLI_SERVER_WORKERS="2")
            self._wait()
            self._rest = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._rest.close()

    def _start(self, stack: ExitStack, program: list[str], **environment: str) -> None:
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen(
            program, env={**os.environ, **environment}, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        stack.callback(process.wait)
        stack.callback(lambda: os.killpg(process.pid, 9))

    def _start_base(self, stack: ExitStack) -> None:
        """MariaDB does not run as root: then as the user of its package."""
        data, self.socket = self.folder / "data", self.folder / "base.sock"
        data.mkdir()
        who = ["--user=mysql"] if os.getuid() == 0 else []
        if who:
            shutil.chown(self.folder, "mysql")
        places = ["--no-defaults", f"--datadir={data}", *who]
        made = ["mariadb-install-db", *places, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        small = ["--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"]
        program = peers.program(peers.PEERS["wordpress"])
        self._start(stack, [program, *places, f"--socket={self.socket}", f"--pid-file={data}/pid", *small])
        order = ["mariadb", "--no-defaults", f"--socket={self.socket}", "-uroot", "-e", "create database wordpress"]
        for _attempt in range(150):
            if subprocess.run(order, check=False, capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("MariaDB did not start")

    def _make_site(self) -> None:
        """A site whose programs are those of the package, and whose files are its own."""
        root = self.folder / "site"
        root.mkdir()
        for file in FROM.glob("*.php"):
            shutil.copy(file, root)
        for name in ("wp-admin", "wp-includes"):
            (root / name).symlink_to(FROM / name)
        shutil.copytree(FROM / "wp-content" / "themes", root / "wp-content" / "themes", symlinks=False)
        (root / "wp-content" / "uploads").mkdir()
        (root / "wp-config.php").write_text(CONFIG % {"socket": self.socket, "url": self.url})
        (root / "make.php").write_text(INSTALL)
        done = subprocess.run(["/usr/bin/php", str(root / "make.php")], check=True, capture_output=True, text=True)
        line = next(line for line in done.stdout.splitlines() if line.startswith("MADE "))
        self.passwords = json.loads(line.removeprefix("MADE "))

    def _wait(self) -> None:
        for _attempt in range(100):
            try:
                self.ask("/wp/v2/types")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("WordPress did not start")

    @property
    def place(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    def ask(self, route: str, query: str = "") -> Any:
        """What anybody may read, with nothing of the connector."""
        with urllib.request.urlopen(f"{self.url}/?rest_route={route}{query}", timeout=20) as answer:
            return json.load(answer)

    def comment(self, post: str, text: str, author: str = "Els Wolters", parent: int = 0) -> int:
        """Somebody who reads the site says something below a post."""
        code = f"""
        $_SERVER['HTTP_HOST'] = 'localhost'; require '{self.folder}/site/wp-load.php';
        echo 'ID ' . wp_insert_comment(['comment_post_ID' => {int(post)}, 'comment_author' => {json.dumps(author)},
            'comment_content' => {json.dumps(text)}, 'comment_parent' => {parent}, 'comment_approved' => 1]);
        """
        done = subprocess.run(["/usr/bin/php", "-r", code], check=True, capture_output=True, text=True)
        return int(done.stdout.rsplit("ID ", 1)[1])
