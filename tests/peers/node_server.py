"""A server of another project that runs under Node: how it starts, says where it is, and ends."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any, Self

from tools import peers

# Room for all that a test makes, so that nothing is swept up meanwhile: Node can end in the destructor of
# better-sqlite3 ("Assertion failed: (env) != nullptr"), and what was asked of it then stays unknown.
ROOMY = ("--min-semi-space-size=128", "--max-semi-space-size=128", "--initial-old-space-size=512")
TRIES = 3  # for the same reason it sometimes ends before it is there


class NodeServer:
    """Starts `server.mjs` of a peer with what is `asked` of it; `url` is what it says on its line READY."""

    peer: str
    code = ""  # a file in the folder of the peer in our tests, run with the packages of the peer; else its server.mjs

    def __init__(self, asked: dict[str, Any], **environment: str) -> None:
        self.asked, self.environment, self.url = asked, environment, ""

    def __enter__(self) -> Self:
        if not peers.is_there(self.peer):
            raise RuntimeError(f"the peer {self.peer} is not installed: make peers")
        for _try in range(TRIES):
            self._process = self._begun()
            assert self._process.stdout
            for line in self._process.stdout:
                if line.startswith("READY "):
                    self.url = line.split()[1]
                    return self
            self.__exit__()
        raise RuntimeError(f"the peer {self.peer} did not start")

    def _begun(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(peers.node()), *ROOMY, *self._what()],
            cwd=peers.place(self.peer),
            env={"PATH": os.defpath, "KOOR_PEER": json.dumps(self.asked), **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _what(self) -> list[str]:
        if not self.code:
            return ["server.mjs"]
        return ["--input-type=module", "-e", (peers.PEERS[self.peer].source / self.code).read_text()]

    def runs(self) -> bool:
        """Whether it is still there; when it is not, what a test finds is about that."""
        return self._process.poll() is None

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
