"""`python -m tests.mastodon_server --port 0`: prints one line of JSON with its address and tokens, then serves."""

import argparse
import json
import signal
import sys
from typing import Any

from tests.mastodon_server import MastodonServer


def main() -> None:
    parser = argparse.ArgumentParser(description="A Mastodon server for tests, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rule", action="append", default=[], metavar="NAME=JSON", help="such as rate_limits=false")
    given = parser.parse_args()
    server = MastodonServer(given.port)
    server.rules(**{name: json.loads(value) for name, _, value in (rule.partition("=") for rule in given.rule)})
    tokens = {"reurslag": "token-reurslag", "kees": "token-kees"}
    allow = f"127.0.0.1:{server.port}"
    sys.stdout.write(json.dumps({"url": server.url, "tokens": tokens, "KOOR_ALLOW_HOSTS": allow}) + "\n")
    sys.stdout.flush()

    def leave(*_: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    try:
        server.http.serve_forever(0.1)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
