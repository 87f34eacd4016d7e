"""The door out, against real servers on loopback."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from koor import __version__
from koor.kernel import http, plainly
from koor.kernel.http import Door, NotSent, Refused, TooLarge, Unclear


@pytest.fixture
def allowed(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port},127.0.0.1:{httpserver.port}")
    return httpserver


@contextlib.contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server of one connection that says exactly what a test wants. Gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


def to(port: int, **more: object) -> Door:
    return Door(allow=frozenset({("127.0.0.1", port)}), **more)  # type: ignore[arg-type]


def names(monkeypatch: pytest.MonkeyPatch, **where: list[str]) -> list[str]:
    """Replaces the machine's resolver; gives the list of names that were looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *more: object, **options: object) -> object:
        if host in where:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in where[host]]
        return real(host, port, *more, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


# What goes and what comes


def test_request_carries_its_parts_and_the_answer_is_whole(allowed: HTTPServer) -> None:
    allowed.expect_request(
        "/api", method="POST", query_string="a=1&b=2", json={"say": "hoi"}, headers={"Authorization": "Bearer x"}
    ).respond_with_json({"id": 7}, status=201, headers={"X-Left": "3"})
    answer = http.door.request(
        "POST",
        allowed.url_for("/api?a=1"),
        params={"b": "2"},
        json={"say": "hoi"},
        headers={"Authorization": "Bearer x"},
    )
    assert (answer.status, answer.json(), answer.headers["x-left"]) == (201, {"id": 7}, "3")


def test_files_and_fields_go_as_a_form(allowed: HTTPServer) -> None:
    seen: list[tuple[str, bytes, str]] = []

    def take(request: Request) -> Response:
        part = request.files["file"]
        seen.append((request.form["description"], part.read(), part.mimetype))
        return Response("ok")

    allowed.expect_request("/media").respond_with_handler(take)
    files = {"file": ("photo.jpg", b"\xff\xd8\xff", "image/jpeg")}
    assert http.door.request("POST", allowed.url_for("/media"), data={"description": "x"}, files=files).text == "ok"
    assert seen == [("x", b"\xff\xd8\xff", "image/jpeg")]


def test_it_says_who_it_is_and_ignores_proxies(allowed: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    allowed.expect_request("/", headers={"User-Agent": f"Koor/{__version__}"}).respond_with_data("hier")
    assert http.door.request("GET", allowed.url_for("/"), headers={"Host": "elsewhere.example"}).text == "hier"
    assert allowed.log[0][0].headers["Host"] == f"{allowed.host}:{allowed.port}"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"caf\xe9", "café"),
        ("text/plain", "café".encode(), "café"),
        ("text/plain; charset=no-such-set", "café".encode(), "café"),
        ("text/plain; charset=base64", b"abc", "abc"),
        ("text/plain", b"\xff!", "\ufffd!"),
    ],
)
def test_text_is_read_in_the_charset_that_the_answer_names(
    allowed: HTTPServer, kind: str, body: bytes, text: str
) -> None:
    allowed.expect_request("/").respond_with_data(body, content_type=kind)
    assert http.door.request("GET", allowed.url_for("/")).text == text


def test_json_that_is_none_is_a_value_error(allowed: HTTPServer) -> None:
    for path, body in (("/html", "<html>"), ("/deep", "[" * 200_000)):
        allowed.expect_request(path).respond_with_data(body)
        with pytest.raises(ValueError):
            http.door.request("GET", allowed.url_for(path)).json()


# Where it goes


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.0.0.1.:8080/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "https://localhost./",
        "https://100.64.0.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://8.8.8.8:25/",
        "https://user:word@example.org/",
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "//example.org/",
        "example.org",
        "https://",
        "https:///etc",
        "https://exa mple.org/",
        "https://example.org:99999/",
        "https://a..b/\x00",
        "",
    ],
)
def test_hostile_address_is_refused_before_anything_leaves(url: str) -> None:
    with pytest.raises(NotSent) as refusal:
        Door(plain_reads=False, allow=frozenset()).request("POST", url, json={"secret": 1})
    assert isinstance(refusal.value, Refused)


def test_only_the_allowed_port_of_an_allowed_host_is_called(allowed: HTTPServer) -> None:
    with pytest.raises(Refused):
        http.door.request("GET", f"https://127.0.0.1:{allowed.port + 1}/")


def test_name_that_points_inside_is_refused(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, **{"inside.example": ["127.0.0.1", "10.0.0.1"]})
    with pytest.raises(Refused, match=r"inside\.example is not called"):
        Door(plain_reads=True).request("GET", f"http://inside.example:{httpserver.port}/")
    assert httpserver.log == []


def test_it_connects_to_the_address_that_was_checked(allowed: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes between check and connection gains nothing: it is looked up once."""
    asked = names(monkeypatch, **{"peer.example": ["127.0.0.1"]})
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"peer.example:{allowed.port}")
    allowed.expect_request("/").respond_with_data("ja")
    assert http.door.request("GET", f"http://peer.example:{allowed.port}/").text == "ja"
    assert asked == ["peer.example"]
    assert allowed.log[0][0].headers["Host"] == f"peer.example:{allowed.port}"


def test_forbidden_addresses_among_public_ones_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, **{"mixed.example": ["127.0.0.1", "93.184.216.34", "::1"]})
    found = http.checked_addresses("mixed.example", 443, allow=frozenset(), seconds=5)
    assert found == ["93.184.216.34"]


def test_plain_http_is_for_public_reads_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, **{"news.example": ["127.0.0.1"]})
    door = Door(plain_reads=True, allow=frozenset())
    with pytest.raises(Refused, match=r"not a public"):  # came as far as the look-up
        door.request("GET", "http://news.example/feed")
    for method, headers in (("POST", {}), ("GET", {"authorization": "Bearer x"}), ("GET", {"Cookie": "a=b"})):
        with pytest.raises(Refused, match="without encryption"):
            door.request(method, "http://news.example/feed", headers=headers)


def test_sockets_of_the_machine_are_not_called() -> None:
    with pytest.raises(Refused):
        http._Wire(frozenset(), 0, 0).connect_unix_socket("/run/postgresql/.s")


# Redirects


def test_read_follows_five_redirects_and_no_more(allowed: HTTPServer) -> None:
    for number in range(7):
        allowed.expect_request(f"/{number}").respond_with_data("", 302, headers={"Location": f"/{number + 1}"})
    allowed.expect_request("/7").respond_with_data("end")
    answer = http.door.request("GET", allowed.url_for("/2"))
    assert (answer.text, answer.url) == ("end", allowed.url_for("/7"))
    with pytest.raises(Unclear, match="another address"):
        http.door.request("GET", allowed.url_for("/1"))


def test_redirect_to_the_inside_is_refused(allowed: HTTPServer) -> None:
    for number, location in enumerate(
        ("https://169.254.169.254/", "file:///etc/passwd", "http://[::1]:1/", "//10.0.0.1/")
    ):
        allowed.expect_request(f"/{number}").respond_with_data("", 302, headers={"Location": location})
        with pytest.raises(Refused):
            http.door.request("GET", allowed.url_for(f"/{number}"))


def test_nobody_outside_redirects_to_an_allowed_host(allowed: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public page must not send Koor to the internal host that the administrator allowed for ourselves."""
    names(monkeypatch, **{"outside.example": ["127.0.0.1"]})
    monkeypatch.setattr(http, "why_not_address", lambda address: "")  # stands for a public machine
    allowed.expect_request("/").respond_with_data("", 302, headers={"Location": "http://localhost:1/"})
    door = Door(plain_reads=True, allow=frozenset({("localhost", 1)}))
    seen: list[frozenset[tuple[str, int]]] = []
    real = http._Wire.__init__

    def note(self: http._Wire, allow: frozenset[tuple[str, int]], *more: float) -> None:
        seen.append(allow)
        real(self, allow, *more)

    monkeypatch.setattr(http._Wire, "__init__", note)
    with pytest.raises(NotSent):
        door.request("GET", f"http://outside.example:{allowed.port}/")
    assert seen == [frozenset({("localhost", 1)}), frozenset()]


def test_secrets_do_not_cross_to_another_host(allowed: HTTPServer) -> None:
    other = f"http://127.0.0.1:{allowed.port}/there"
    allowed.expect_request("/away").respond_with_data("", 302, headers={"Location": other})
    allowed.expect_request("/here").respond_with_data("", 302, headers={"Location": "/there"})
    allowed.expect_request("/there").respond_with_data("ok")
    headers = {"Authorization": "Bearer x", "Cookie": "s=1", "X-Api-Key": "k", "Accept": "text/plain"}
    http.door.request("GET", f"http://localhost:{allowed.port}/away", headers=headers)
    crossed = allowed.log[-1][0].headers
    assert not {"Authorization", "Cookie", "X-Api-Key"} & set(crossed.keys())
    assert crossed["Accept"] == "text/plain"
    http.door.request("GET", f"http://localhost:{allowed.port}/here", headers=headers)
    assert allowed.log[-1][0].headers["Authorization"] == "Bearer x"


@pytest.mark.parametrize(
    ("status", "elsewhere", "seen"),
    [
        (301, False, [("POST", b"body")]),  # handed back: not followed
        (302, False, [("POST", b"body")]),
        (303, False, [("POST", b"body"), ("GET", b"")]),
        (307, False, [("POST", b"body"), ("POST", b"body")]),
        (308, False, [("POST", b"body"), ("POST", b"body")]),
        (307, True, [("POST", b"body")]),
        (308, True, [("POST", b"body")]),
    ],
)
def test_write_is_redirected_with_care(allowed: HTTPServer, status: int, elsewhere: bool, seen: list[object]) -> None:
    target = f"http://127.0.0.1:{allowed.port}/b" if elsewhere else "/b"
    allowed.expect_request("/a").respond_with_data("", status, headers={"Location": target})
    allowed.expect_request("/b").respond_with_data("done")
    answer = http.door.request("POST", f"http://localhost:{allowed.port}/a", content=b"body")
    assert [(request.method, request.get_data()) for request, _ in allowed.log] == seen
    assert answer.status == (200 if len(seen) == 2 else status)


def test_write_whose_second_hop_fails_is_unclear(allowed: HTTPServer) -> None:
    allowed.expect_request("/a").respond_with_data("", 303, headers={"Location": "/gone"})
    allowed.expect_request("/c").respond_with_data("", 307, headers={"Location": "https://\x7f/"})
    assert http.door.request("POST", allowed.url_for("/c"), content=b"x").status == 307
    ask = http._build("POST", allowed.url_for("/a"), None, params=None, content=b"x")
    with pytest.raises(Unclear):
        http.door._hop(ask, frozenset(), time.monotonic() + 5, first=False)


# How much and how long


def test_body_over_the_limit_is_not_read(allowed: HTTPServer) -> None:
    allowed.expect_request("/").respond_with_data(b"x" * 2000)
    assert len(Door(max_bytes=2000).request("GET", allowed.url_for("/")).content) == 2000
    with pytest.raises(TooLarge):
        Door(max_bytes=1999).request("GET", allowed.url_for("/"))


def test_body_without_a_length_is_counted_as_it_comes() -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b"x" * 65536)

    with raw_server(endless) as port, pytest.raises(TooLarge):
        to(port, max_bytes=1_000_000).request("GET", f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda body: gzip.compress(body[:9], mtime=0) + gzip.compress(body[9:])]
)
def test_packed_body_is_unpacked_and_its_real_size_counted(allowed: HTTPServer, pack: Callable[[bytes], bytes]) -> None:
    body, kind = b"koor " * 5000, "deflate" if pack is zlib.compress else "gzip"
    allowed.expect_request("/").respond_with_data(pack(body), headers={"Content-Encoding": kind})
    assert http.door.request("GET", allowed.url_for("/")).content == body
    with pytest.raises(TooLarge):
        Door(max_bytes=len(body) - 1).request("GET", allowed.url_for("/"))


def test_bomb_is_stopped_at_the_limit(allowed: HTTPServer) -> None:
    bomb = gzip.compress(bytes(200_000_000))
    allowed.expect_request("/").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(TooLarge):
        Door(max_bytes=1_000_000).request("GET", allowed.url_for("/"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [(gzip.compress(b"koor" * 99, mtime=0)[:-9], "gzip"), (b"not packed", "gzip"), (b"x", "br"), (b"x", "gzip, gzip")],
)
def test_packing_that_is_broken_or_not_asked_for_is_unclear(allowed: HTTPServer, body: bytes, kind: str) -> None:
    allowed.expect_request("/").respond_with_data(body, headers={"Content-Encoding": kind})
    with pytest.raises(Unclear):
        http.door.request("GET", allowed.url_for("/"))


def test_empty_answer_that_says_it_is_packed_is_fine(allowed: HTTPServer) -> None:
    allowed.expect_request("/").respond_with_data(b"", 204, headers={"Content-Encoding": "gzip"})
    assert http.door.request("HEAD", allowed.url_for("/")).content == b""


def test_answer_that_drips_ends_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b"x")
                time.sleep(0.05)

    started = time.monotonic()
    with raw_server(drip) as port, pytest.raises(Unclear, match="in time"):
        to(port).request("GET", f"http://127.0.0.1:{port}/", timeout=0.5)
    assert time.monotonic() - started < 10  # to its end it would drip for 50


def test_silence_ends_after_the_idle_limit() -> None:
    with raw_server(lambda connection: time.sleep(1)) as port, pytest.raises(Unclear):
        to(port, idle=0.2).request("GET", f"http://127.0.0.1:{port}/")


def test_resolver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(1) or [])
    with pytest.raises(NotSent, match="in time"):
        Door(allow=frozenset()).request("GET", "https://slow.example/", timeout=0.2)


# What is known afterwards


def test_nobody_listening_means_nothing_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotSent, match=plainly.NOBODY):
        to(port).request("POST", f"http://127.0.0.1:{port}/", json={})


def test_unknown_name_means_nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent, match=plainly.NO_NAME) as caught:
        Door(allow=frozenset()).request("GET", "https://nowhere.example/")
    assert not isinstance(caught.value, Refused)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200"]
)
def test_broken_answer_is_unclear(answer: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    with raw_server(talk) as port, pytest.raises(Unclear):
        to(port).request("POST", f"http://127.0.0.1:{port}/", content=b"x")


def test_reset_in_the_middle_of_a_large_body_is_unclear() -> None:
    def hang_up(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    with raw_server(hang_up) as port, pytest.raises(Unclear):
        to(port).request("POST", f"http://127.0.0.1:{port}/", content=bytes(30_000_000))


def test_header_that_would_split_the_request_is_never_sent(allowed: HTTPServer) -> None:
    with pytest.raises(NotSent):
        http.door.request("GET", allowed.url_for("/"), headers={"X-Note": "a\r\nX-Evil: b"})
    assert allowed.log == []


# Names and certificates


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for good.example, key and certificate in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "good.example")])
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "good.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_certificate_must_be_for_the_name_that_was_asked(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, **{"good.example": ["127.0.0.1"], "wrong.example": ["127.0.0.1"]})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/").respond_with_data("veilig")
        door = Door(allow=frozenset({("good.example", server.port), ("wrong.example", server.port)}))
        http._tls.cache_clear()
        with pytest.raises(NotSent, match=plainly.UNKNOWN_SIGNER):  # not known to the system
            door.request("GET", f"https://good.example:{server.port}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        http._tls.cache_clear()
        assert door.request("GET", f"https://good.example:{server.port}/").text == "veilig"
        with pytest.raises(NotSent, match=plainly.OTHER_NAME):
            door.request("GET", f"https://wrong.example:{server.port}/")
    monkeypatch.delenv("SSL_CERT_FILE")
    http._tls.cache_clear()
