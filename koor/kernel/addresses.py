"""Which network addresses Koor may call: only those of the public internet, and what the administrator names.

Pure rules, no network. Sources: the IANA special-purpose address registries (RFC 6890 and updates), and the
WHATWG URL standard for hosts that "end in a number" (https://url.spec.whatwg.org/#ends-in-a-number-checker).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from koor.kernel.trouble import Trouble

HostPort = tuple[str, int]

# Registered as global, yet they lead somewhere else: translators and tunnels carry an address of their own choice.
_LEADS_ELSEWHERE = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.88.99.0/24",  # 6to4 relay
        "192.0.0.0/24",  # protocol assignments
        "2001::/23",  # protocol assignments, with Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all IPv6 that is in public use; mapped, NAT64, local lie outside
_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]*|\d+)\Z", re.ASCII)
WEB_PORTS = frozenset({80, 443})


def why_not_address(address: str) -> str:
    """Why this IP address may not be called, as a few words; empty when it may."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "not an address"
    if parsed.is_multicast:
        return "a multicast address"
    if parsed.version == 6 and parsed not in _GLOBAL_UNICAST:
        return "not a public address"
    if not parsed.is_global or parsed.is_reserved:
        return "not a public address"
    if any(parsed.version == block.version and parsed in block for block in _LEADS_ELSEWHERE):
        return "an address that leads to another one"
    return ""


def why_not_host(host: str) -> str:
    """Why this host (a name or a literal, without brackets) may not be called; empty when it may be looked up.

    Numbers in any spelling but four plain decimals are refused: `2130706433`, `0x7f.1` and `0177.0.0.1`
    are 127.0.0.1 to one parser and a name to the next."""
    if ":" in host:
        return why_not_address(host)
    bare = host.removesuffix(".")
    if not bare or len(bare) > 253 or not bare.isascii() or re.search(r"[\s%/\\@\x00-\x1f]", bare):
        return "not a host name"
    if bare.lower() == "localhost" or bare.lower().endswith(".localhost"):
        return "this machine itself"  # RFC 6761: whatever a resolver says
    if not _NUMBER.match(bare.rpartition(".")[2]):
        return ""
    return why_not_address(bare)


def why_not_port(port: int) -> str:
    """Why this port may not be called. Below 1024 only the web's own: no mail, name or file servers."""
    return "" if port in WEB_PORTS or 1024 <= port <= 65535 else f"port {port} is not a web port"


def normal_host(host: str) -> str:
    """One spelling for one host: lower case, no brackets, no dot at the end, IPv6 shortened."""
    plain = host.strip().strip("[]").lower().removesuffix(".")
    try:
        return ipaddress.ip_address(plain).compressed
    except ValueError:
        return plain


def parse_allowed(text: str) -> frozenset[HostPort]:
    """`KOOR_ALLOW_HOSTS`, "host:port,host:port". An entry without a port, or with a bad one, allows nothing."""
    return frozenset(_entries(text.split(",")))


def _entries(parts: Iterable[str]) -> Iterable[HostPort]:
    for part in parts:
        host, _, port = part.strip().rpartition(":")
        if host and port.isascii() and port.isdecimal():
            yield normal_host(host), int(port)


def port_of(name: str, given: str) -> int:
    """The port that a setting names. Raises Trouble."""
    if not given.isdecimal() or len(given) > 5 or not 0 < int(given) < 65536:
        raise Trouble(f"{name} must be a number from 1 to 65535, not {given!r}")
    return int(given)


def url_of(name: str, given: str) -> str:
    """The address of a house as a setting names it: scheme, name and perhaps a port. Raises Trouble."""
    url = given.rstrip("/")
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and "@" not in parts.netloc:
            if parts.path or parts.query or parts.fragment:
                raise Trouble(f"{name} is the address of a whole house, with nothing after its name: not {given!r}")
            return f"{parts.scheme}://{parts.netloc.lower()}"
    raise Trouble(f"{name} must be an address such as https://koor.example.org, not {given!r}")


def host_of(url: str) -> str:
    """The name in such an address as it stands there: without the port, IPv6 in its brackets."""
    return re.sub(r":\d+\Z", "", urlsplit(url).netloc)
