"""Messages on a phone: readable by the browser alone, to known services alone, once, a few a day, not at night."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from koor.kernel import clock, identity, notices, push, webpush
from koor.kernel.access import NotFound, Refused
from koor.kernel.http import Answer, Door
from koor.kernel.models import Push, PushDevice, PushKey, PushWish
from koor.kernel.webpush import b64, unb64

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FCM = "https://fcm.googleapis.com/fcm/send/abc:def"


class Browser:
    """A browser's half: its keys, and reading what came (RFC 8291, section 3; RFC 8188, section 2)."""

    def __init__(self) -> None:
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), b"sixteen bytes ok"
        self.point = webpush._point(self.key.public_key())
        self.given = {"p256dh": b64(self.point), "auth": b64(self.auth)}

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, text = body[21 : 21 + length], body[21 + length :]
        assert len(text) <= size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))

        def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
            return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

        secret = derived(shared, self.auth, b"WebPush: info\0" + self.point + theirs, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        plain = AESGCM(key).decrypt(derived(secret, salt, b"Content-Encoding: nonce\0", 12), text, None)
        assert plain.endswith(b"\x02")
        return plain[:-1]


def test_the_example_of_the_standard() -> None:
    """RFC 8291, appendix A."""
    body = webpush.encrypted(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=unb64("DGv6ra1nlYgDCS1FRnbzlw"),
        sender=unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert b64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6"
        "cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_who_sends_it_is_signed() -> None:
    private = webpush.new_key()
    header = webpush.authorization(FCM, private=private, contact="mailto:koor@example", until=1_800_000_000)
    token, key = header.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    assert json.loads(unb64(claims)) == {
        "aud": "https://fcm.googleapis.com", "exp": 1_800_000_000, "sub": "mailto:koor@example",
    }  # fmt: skip
    assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
    known = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(key))
    raw = unb64(signature)
    whole = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    known.verify(whole, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        known.verify(whole, f"{head}.{claims}x".encode(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com.nl/x",
        "https://notfcm.googleapis.com@127.0.0.1/",
        "https://user:pass@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://127.0.0.1/x",
        "https://[::1/x",
        "file:///etc/passwd",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "",
    ],
)
def test_to_known_services_alone(endpoint: str) -> None:
    assert not webpush.is_known_service(endpoint, frozenset())


def test_known_services_and_what_the_administrator_allows() -> None:
    for endpoint in (
        FCM, "https://updates.push.services.mozilla.com/wpush/v2/x", "https://web.push.apple.com/x",
        "https://wns2-par02p.notify.windows.com/w/?token=x",
    ):  # fmt: skip
        assert webpush.is_known_service(endpoint, frozenset())
    assert webpush.is_known_service("http://127.0.0.1:9/x", frozenset({("127.0.0.1", 9)}))


def test_hours_of_rest() -> None:
    wish = PushWish(quiet_from=time(20), quiet_until=time(7), zone="Europe/Amsterdam")
    assert push.rests_until(wish, NOON) is None
    late = datetime(2026, 11, 24, 22, tzinfo=UTC)  # 23:00 in Amsterdam
    assert push.rests_until(wish, late) == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert push.rests_until(wish, late + timedelta(hours=5)) == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert push.rests_until(wish, datetime(2026, 11, 25, 6, tzinfo=UTC)) is None
    noons = PushWish(quiet_from=time(12), quiet_until=time(14), zone="Europe/Amsterdam")
    assert push.rests_until(noons, NOON) == NOON + timedelta(hours=1)
    assert push.rests_until(PushWish(zone="Europe/Amsterdam"), late) is None
    spring = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)  # the night of the clock change
    assert push.rests_until(wish, spring) == datetime(2027, 3, 28, 5, tzinfo=UTC)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What went through the door; `status` of the first one answers all."""
    calls: list[dict[str, Any]] = []

    def request(self: Door, method: str, url: str, **said: Any) -> Answer:
        calls.append({"url": url, **said})
        return Answer(STATUS[-1], {}, b"", url)

    monkeypatch.setattr(Door, "request", request)
    monkeypatch.setattr(f"{__name__}.STATUS", [201])
    return calls


STATUS = [201]


@pytest.fixture
def device(db: None, noon: datetime) -> PushDevice:
    return device_at(FCM)


def device_at(endpoint: str, owner: int = 7, browser: Browser | None = None) -> PushDevice:
    given = (browser or Browser()).given
    return push.keep_device(
        owner_id=owner, endpoint=endpoint, name="Chrome, Android", zone="Europe/Amsterdam", **given
    )[0]


def told(key: str = "out:1", to: int = 7, kind: str = "out") -> int:
    return notices.push(to=to, title="Your photo went out", text="On Mastodon.", url="/capture/3/", kind=kind, key=key)


def test_the_key_is_made_once_and_sealed(db: None) -> None:
    key = push.public_key()
    assert push.public_key() == key
    assert push.house_key() not in bytes(PushKey.objects.get().sealed)


def test_told_once_and_only_to_who_asked(device: PushDevice, sent: list[Any], run_jobs: Callable[[], None]) -> None:
    assert [told(), told(), told(to=8)] == [1, 0, 0]
    row = Push.objects.get()
    push.deliver(row.pk)
    push.deliver(row.pk)
    assert len(sent) == 1
    row.refresh_from_db()
    assert (row.state, row.next_at) == ("sent", None)
    headers = sent[0]["headers"]
    assert (headers["TTL"], headers["Urgency"]) == (str(12 * 3600), "normal")
    assert set(headers) == {"TTL", "Urgency", "Content-Type", "Content-Encoding", "Authorization"}


def test_over_the_line_it_is_read_by_the_browser_alone(
    db: None, noon: datetime, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    came: list[bytes] = []

    def take(request: Request) -> Response:
        assert request.headers["Content-Encoding"] == "aes128gcm"
        assert f'"aud": "{httpserver.url_for("")[:-1]}"'.encode() in unb64(
            request.headers["Authorization"].split(".")[1]
        )
        came.append(request.get_data())
        return Response(status=201)

    httpserver.expect_request("/push/1", method="POST").respond_with_handler(take)
    browser = Browser()
    device_at(httpserver.url_for("/push/1"), browser=browser)
    told()
    push.sweep_push(0)
    assert b"photo" not in came[0]
    said = json.loads(browser.read(came[0]))
    assert {name: said[name] for name in ("title", "text", "url")} == {
        "title": "Your photo went out", "text": "On Mastodon.", "url": "/capture/3/",
    }  # fmt: skip
    assert set(said) == {"title", "text", "url", "tag"}


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(device: PushDevice, sent: list[Any], status: int) -> None:
    told()
    STATUS.append(status)
    push.deliver(Push.objects.get().pk)
    assert not PushDevice.objects.exists()
    assert not Push.objects.exists()


def test_what_fails_is_tried_again_and_given_up(device: PushDevice, sent: list[Any]) -> None:
    told()
    STATUS.append(503)
    row = Push.objects.get()
    with clock.fixed(NOON):
        push.deliver(row.pk)
        push.deliver(row.pk)  # not its moment yet
    assert len(sent) == 1
    for minutes in (2, 8, 30, 95):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            push.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, len(sent)) == ("dropped", 5)
    device.refresh_from_db()
    assert "503" in device.problem


def test_what_is_refused_is_not_repeated(device: PushDevice, sent: list[Any]) -> None:
    told()
    STATUS.append(403)
    push.deliver(Push.objects.get().pk)
    assert Push.objects.get().state == "dropped"


def test_a_few_a_day(device: PushDevice, sent: list[Any]) -> None:
    for number in range(8):
        told(f"out:{number}")
    for row in Push.objects.all():
        push.deliver(row.pk)
    assert len(sent) == push.MOST_A_DAY
    told("try:1", kind=push.TRYING)
    push.deliver(Push.objects.latest("pk").pk)
    assert len(sent) == push.MOST_A_DAY + 1


def test_at_night_it_waits_and_goes_in_the_morning(device: PushDevice, sent: list[Any]) -> None:
    with clock.fixed(NOON + timedelta(hours=9)):  # 22:00 in Amsterdam
        told()
        push.deliver(Push.objects.get().pk)
    assert (Push.objects.get().state, sent) == ("waiting", [])
    with clock.fixed(NOON + timedelta(hours=18, minutes=1)):
        push.sweep_push(0)
    assert (Push.objects.get().state, len(sent)) == ("sent", 1)


def test_news_that_is_old_is_dropped(device: PushDevice, sent: list[Any]) -> None:
    told()
    with clock.fixed(NOON + timedelta(hours=20)):
        push.sweep_push(0)
    assert (Push.objects.get().state, sent) == ("dropped", [])
    with clock.fixed(NOON + timedelta(days=3)):
        push.sweep_push(0)
    assert not Push.objects.exists()


def test_one_browser_is_of_who_asked_last(device: PushDevice) -> None:
    told()
    again = device_at(FCM, owner=8)
    assert [one.owner_id for one in PushDevice.objects.all()] == [8]
    assert not Push.objects.exists()
    with pytest.raises(NotFound):
        push.device_of(7, again.pk)


def test_keys_that_are_none_and_too_many_devices(device: PushDevice) -> None:
    good = Browser().given
    for broken in ({"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": "é"}, {"p256dh": b64(b"\x04" + b"\x01" * 64)}):
        with pytest.raises(Refused):
            push.keep_device(owner_id=7, endpoint=FCM + "2", name="x", zone="UTC", **{**good, **broken})
    for number in range(push.MOST_DEVICES - 1):
        device_at(f"{FCM}{number}")
    with pytest.raises(Refused):
        device_at(FCM + "more")
    device_at(FCM)  # again is no more


def test_a_message_opens_the_house_alone(device: PushDevice) -> None:
    for url in ("https://evil.example/", "//evil.example/"):
        with pytest.raises(ValueError, match="page of the house"):
            notices.push(to=7, title="x", url=url, kind="x", key="x")


def test_a_house_that_was_copied_leaves_real_phones_alone(
    device: PushDevice, sent: list[Any], settings: Any, tmp_path: Path
) -> None:
    settings.KOOR_HOME = tmp_path
    identity.set_apart(tmp_path)
    (row,) = push.write([device], title="Out", text="", url="/", kind="out", key="a")
    push.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, sent) == ("waiting", [])
    identity.is_the_one(tmp_path)
    with clock.fixed(NOON + push.HELD):
        push.deliver(row.pk)
    assert len(sent) == 1
