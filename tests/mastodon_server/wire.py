"""HTTP on loopback, one thread a connection; and the faults that lie below HTTP."""

from __future__ import annotations

import contextlib
import email.utils
import socket
import struct
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.mastodon_server import control, faults, limits, routes, streaming
from tests.mastodon_server.asked import Answer, Asked, Refused, read
from tests.mastodon_server.faults import Fault
from tests.mastodon_server.world import World


class MastodonServer:
    """A running server. `url`, `token` and the controls as methods; `world` for a test in the same process."""

    token = "token-reurslag"

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.http = _Server((host, port), _Handler)
        self.http.mastodon = self
        self.host, self.port = host, int(self.http.server_address[1])
        self.url = f"http://{host}:{self.port}"
        self.faults: list[Fault] = []
        self.stopping = threading.Event()
        self.world = World(self.url)

    def reset(self) -> None:
        """Forget everything."""
        self.world = World(self.url)
        self.faults.clear()

    def start(self) -> MastodonServer:
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True, name="mastodon").start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self.http.shutdown()
        self.http.server_close()

    # What a test in the same process says to it; the same as the addresses under /_control/.
    def fault(self, answer: str, route: str = "POST /api/v1/statuses", **more: Any) -> None:
        self.faults.append(Fault(route, answer, **more))

    def rules(self, **wanted: Any) -> None:
        for name, value in wanted.items():
            setattr(self.world.rules, name, value)

    def inject(
        self, kind: str, by: str = "els@social.example", name: str = "Els Wolters", **more: Any
    ) -> dict[str, str]:
        with self.world.lock:
            return control.inject(self.world, kind, by, name, **more)

    def cut_lines(self) -> None:
        """End all streams that are open now."""
        with self.world.lock:
            self.world.cut += 1

    def copies(self, text: str) -> int:
        """The oracle: how many live copies of this text there are."""
        with self.world.lock:
            return len(self.world.live_copies(text))

    def requests(self, route: str) -> int:
        """How often this route was asked, such as "POST /api/v1/statuses"."""
        return self.world.counts.get(route, 0)

    def answer(self, asked: Asked) -> Answer:
        """The proper answer to a request, carried out."""
        with self.world.lock:
            try:
                if asked.path.startswith("/_control/"):
                    return control.steer(self, asked)
                return self._routed(asked)
            except Refused as refusal:
                return refusal.answer

    def _routed(self, asked: Asked) -> Answer:
        found = routes.find(asked.method, asked.path)
        if found is None:
            raise Refused(404, "Record not found")
        route, parts = found
        self._authorise(asked, route.scope)
        if not (asked.viewer and self.world.rules.rate_limits):
            return route.handler(self.world, asked, *parts)
        left = limits.spend(self.world, asked.viewer, route.name)
        if left.remaining < 0:
            return limits.too_many(left)
        try:
            answer = route.handler(self.world, asked, *parts)
        except Refused as refusal:
            answer = refusal.answer
        answer.headers |= left.headers()
        return answer

    def _authorise(self, asked: Asked, scope: str) -> None:
        given = asked.headers.get("authorization", "")
        token = given.removeprefix("Bearer ").strip()
        if token in self.world.tokens:
            asked.viewer, scopes = self.world.tokens[token]
            asked.scopes = frozenset(scopes.split())
        if (given and not asked.viewer) or (scope and not given):
            raise Refused(401, "The access token is invalid")
        if scope and scope not in asked.scopes:
            raise Refused(403, "This action is outside the authorized scopes")
        if asked.viewer and self.world.accounts[asked.viewer].disabled:
            raise Refused(403, "Your login is currently disabled")

    def take_fault(self, route: str) -> Fault | None:
        """The first fault that meets this route, used up once."""
        with self.world.lock:
            for fault in self.faults:
                if fault.meets(route):
                    fault.times -= 1 if fault.times > 0 else 0
                    return fault
        return None

    def note(self, route: str, status: int, headers: Mapping[str, str]) -> None:
        world = self.world
        with world.lock:
            world.counts[route] = world.counts.get(route, 0) + 1
            key = headers.get("idempotency-key", "")
            world.log.append({"route": route, "status": status, "key": key, "at": world.now()})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    mastodon: MastodonServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _any(self) -> None:
        mastodon = self.server.mastodon
        path = self.path.partition("?")[0]
        found = routes.find(self.command, path)
        route = found[0].name if found else f"{self.command} {path}"
        fault = None if path.startswith("/_control/") else mastodon.take_fault(route)
        if fault and fault.answer == "reset_mid_body":
            return self._break_off(reset=True)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if fault is None and streaming.is_asked(path, headers):
            return self._stream(headers)
        answer = self._carry_out(headers, body, fault)
        if not path.startswith("/_control/"):
            mastodon.note(route, answer.status if answer else 0, headers)
        self._reply(answer, fault)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _any

    def _stream(self, headers: Mapping[str, str]) -> None:
        mastodon = self.server.mastodon
        status = streaming.refused(mastodon.world, self.path, headers)
        mastodon.note(f"GET {streaming.PATH}", status or 101, headers)
        if status:
            return self._reply(
                Answer(status, {"error": "Not found" if status == 404 else "Invalid access token"}), None
            )
        self.close_connection = True
        self.connection.sendall(streaming.answer(headers))
        return streaming.hold(mastodon, self.connection, self.path, headers)

    def _carry_out(self, headers: Mapping[str, str], body: bytes, fault: Fault | None) -> Answer | None:
        mastodon = self.server.mastodon
        proper = None
        if fault is None or fault.accepted or fault.answer == "slow":
            try:
                proper = mastodon.answer(read(self.command, self.path, headers, body))
            except Refused as refusal:
                proper = refusal.answer
        if fault and fault.answer not in faults.WIRE:
            return faults.spoiled(fault.answer, proper, mastodon.world.now())
        return proper

    def _reply(self, answer: Answer | None, fault: Fault | None) -> None:
        if fault and fault.answer in ("timeout", "slow"):
            self.server.mastodon.stopping.wait(fault.seconds)
        if fault and fault.answer in ("timeout", "reset"):
            return self._break_off(reset=fault.answer == "reset")
        content = answer.content() if answer else b"{}"
        self.send_response(answer.status if answer else 200)
        self.send_header("Content-Type", answer.mime if answer else "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (answer.headers if answer else {}).items():
            self.send_header(name, value)
        self.end_headers()
        if fault and fault.answer == "half_close":
            self.wfile.write(content[: len(content) // 2])
            return self._break_off(reset=False)
        self.wfile.write(content)
        return None

    def _break_off(self, reset: bool) -> None:
        """Close without the rest of the answer; with `reset` the client gets a TCP reset."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            if reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            for end in (self.wfile, self.rfile, self.connection):  # all three, or the socket stays open
                end.close()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header tells the server's own time."""
        return email.utils.formatdate(self.server.mastodon.world.now(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet; `/_control/requests` tells what was asked."""
