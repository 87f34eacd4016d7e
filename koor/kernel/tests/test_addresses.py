"""The rules for addresses, without a network."""

import pytest

from koor.kernel.addresses import (
    host_of,
    normal_host,
    parse_allowed,
    url_of,
    why_not_address,
    why_not_host,
    why_not_port,
)
from koor.kernel.trouble import Trouble

FORBIDDEN = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "nonsense",
]

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450:400e:80c::200e"]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_address_that_is_not_public_is_refused(address: str) -> None:
    assert why_not_address(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_fine(address: str) -> None:
    assert why_not_address(address) == ""


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",  # 127.0.0.1 in one decimal
        "134744072",  # 8.8.8.8: public, still refused in this spelling
        "0x7f000001",
        "0x7f.1",
        "0x",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "8.8.8.8.8",
        "08.8.8.8",
        "1.2.3.256",
        "127.0.0.1.",
        "example.0x1",
        "",
        ".",
        "a b",
        "exa%6dple.org",
        "bücher.example",  # names come here as ASCII only
        "x" * 254,
        "::1",
        "::ffff:10.0.0.1",
    ],
)
def test_host_that_is_no_plain_name_is_refused(host: str) -> None:
    assert why_not_host(host)


@pytest.mark.parametrize(
    "host", ["example.org", "example.org.", "xn--bcher-kva.example", "1password.com", "4.example", "8.8.8.8"]
)
def test_plain_name_may_be_looked_up(host: str) -> None:
    assert why_not_host(host) == ""


@pytest.mark.parametrize(
    ("port", "fine"), [(80, True), (443, True), (8443, True), (25, False), (0, False), (65536, False)]
)
def test_ports(port: int, fine: bool) -> None:
    assert (why_not_port(port) == "") is fine


def test_allowed_hosts_are_read_with_their_ports() -> None:
    text = " Peer.Local:8080, [::1]:9000,127.0.0.1:80 ,no-port,bad:port,:80,"
    assert parse_allowed(text) == {("peer.local", 8080), ("::1", 9000), ("127.0.0.1", 80)}
    assert parse_allowed("") == frozenset()


def test_one_spelling_for_one_host() -> None:
    assert normal_host("EXAMPLE.org.") == "example.org"
    assert normal_host("[0:0:0:0:0:0:0:1]") == "::1"


def test_the_address_of_a_house_is_read_or_refused_in_words() -> None:
    """What an administrator types into the settings; without its scheme, cookies would not know that it is HTTPS."""
    assert url_of("KOOR_URL", "HTTPS://Koor.Example.org:8443/") == "https://koor.example.org:8443"
    assert [host_of(url) for url in ("https://koor.example.org:8443", "http://[::1]", "http://[::1]:8000")] == [
        *("koor.example.org", "[::1]", "[::1]")
    ]
    with pytest.raises(Trouble, match="nothing after its name"):
        url_of("KOOR_URL", "https://example.org/koor")
    for wrong in (
        "koor.example.org",
        "http://",
        "ftp://koor.example.org",
        "https://a@b.example",
        "https://b.example:x",
    ):
        with pytest.raises(Trouble, match="such as https://koor"):
            url_of("KOOR_URL", wrong)
