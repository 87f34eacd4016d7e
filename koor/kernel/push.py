"""Short messages on a phone: devices that asked for them, hours of rest, and sending. Written with `notices.push`."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from koor.kernel import clock, jobs, secrets, webpush
from koor.kernel.access import NotFound, Refused
from koor.kernel.addresses import parse_allowed
from koor.kernel.http import Door, NotSent, Unclear
from koor.kernel.identity import is_apart
from koor.kernel.models import Push, PushDevice, PushKey, PushWish

MOST_A_DAY = 5  # on one device
MOST_DEVICES = 10  # of one colleague
TRIES, STEPS = 5, (1, 5, 20, 60)  # minutes before each next try
KEPT = timedelta(days=2)
HELD = timedelta(minutes=5)  # until the next look, in a house that was restored or copied
LASTS = timedelta(hours=12)  # after that it is old news
QUIET = (time(20), time(7))  # until a colleague says otherwise
TRYING = "try"  # the kind that one sends to oneself: always at once
ALARM = "alarm"  # something may burn: also in hours of rest, for it goes to who has duty alone
CONTEXT = "kernel.push_key"
SECONDS, MOST_ANSWER = 15.0, 20_000
GONE = {404, 410}


def house_key() -> bytes:
    """The private number of the house, made on first use."""
    row = PushKey.objects.filter(pk=1).first()
    if row is None:
        made = {"sealed": secrets.seal(webpush.new_key(), CONTEXT), "made_at": clock.now()}
        row, _new = PushKey.objects.get_or_create(pk=1, defaults=made)
    return secrets.unseal(row.sealed, CONTEXT)


def public_key() -> str:
    """What a browser is asked to subscribe with."""
    return webpush.b64(webpush.public_of(house_key()))


# --- devices ---


def devices_of(owner_id: int) -> list[PushDevice]:
    return list(PushDevice.objects.filter(owner_id=owner_id))


def owners_among(people: Collection[int]) -> set[int]:
    """Who of these has a device."""
    return set(PushDevice.objects.filter(owner_id__in=people).values_list("owner_id", flat=True))


def device_of(owner_id: int, pk: int) -> PushDevice:
    """NotFound for another's."""
    found = PushDevice.objects.filter(owner_id=owner_id, pk=pk).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def keep_device(
    *, owner_id: int, endpoint: str, p256dh: str, auth: str, name: str, zone: str
) -> tuple[PushDevice, bool]:
    """A device asked for messages; True when it is new. Once a browser, and then of who asked last. Raises Refused."""
    allowed = parse_allowed(os.environ.get("KOOR_ALLOW_HOSTS", ""))
    if not webpush.is_known_service(endpoint, allowed) or not webpush.is_keys(p256dh, auth):
        raise Refused(
            _("This browser gives an address that Koor does not send to. Try another browser."), code="service"
        )
    digest = secrets.digest(endpoint)
    if PushDevice.objects.filter(owner_id=owner_id).exclude(digest=digest).count() >= MOST_DEVICES:
        raise Refused(_("At most %(most)s devices. Take one away first.") % {"most": MOST_DEVICES}, code="too_many")
    PushDevice.objects.filter(digest=digest).exclude(owner_id=owner_id).delete()  # with what waited for the other
    PushWish.objects.get_or_create(
        owner_id=owner_id, defaults={"quiet_from": QUIET[0], "quiet_until": QUIET[1], "zone": zone}
    )
    said = {
        "owner_id": owner_id,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "name": name[:80],
        "problem": "",
    }
    return PushDevice.objects.update_or_create(
        digest=digest, defaults=said, create_defaults={**said, "made_at": clock.now()}
    )


def forget_devices(owner_id: int) -> int:
    """All of one colleague, with what waited for them; their hours of rest too."""
    PushWish.objects.filter(owner_id=owner_id).delete()
    return PushDevice.objects.filter(owner_id=owner_id).delete()[0]


def quiet_of(owner_id: int) -> tuple[time | None, time | None]:
    """From when until when this colleague wants no messages."""
    wish = PushWish.objects.filter(owner_id=owner_id).first()
    return (wish.quiet_from, wish.quiet_until) if wish else QUIET


def set_quiet(owner_id: int, begins: time | None, ends: time | None, *, zone: str) -> None:
    said = {"quiet_from": begins, "quiet_until": ends, "zone": zone}
    PushWish.objects.update_or_create(owner_id=owner_id, defaults=said)


def rests_until(wish: PushWish | None, now: datetime) -> datetime | None:
    """When the hours of rest end in which `now` falls; None outside them."""
    if wish is None or wish.quiet_from is None or wish.quiet_until is None or wish.quiet_from == wish.quiet_until:
        return None
    here = now.astimezone(ZoneInfo(wish.zone))
    begins, ends, at = wish.quiet_from, wish.quiet_until, here.time()
    inside = begins <= at < ends if begins < ends else at >= begins or at < ends
    if not inside:
        return None
    day = here.date() + timedelta(days=1 if begins > ends and at >= begins else 0)
    return datetime.combine(day, ends, ZoneInfo(wish.zone))


# --- messages ---


def write(
    devices: Iterable[PushDevice], *, title: str, text: str, url: str, kind: str, key: str, lasts: timedelta = LASTS
) -> list[Push]:
    """One message a device, once for each `key`."""
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError("a message opens a page of the house")
    made = []
    with transaction.atomic():
        for device in devices:
            said = {"kind": kind, "title": _line(title, 120), "text": _line(text, 300), "url": url[:300]}
            moments = {"made_at": clock.now(), "next_at": clock.now(), "ends_at": clock.now() + lasts}
            row, new = Push.objects.get_or_create(device=device, key=key[:100], defaults={**said, **moments})
            if new:
                jobs.later(send_push, push=row.pk)
                made.append(row)
    return made


def _line(text: str, most: int) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def deliver(push_id: int) -> None:
    """Try a message once: now, after the hours of rest, or not at all."""
    with transaction.atomic():
        waiting = Push.objects.select_for_update(of=("self",), skip_locked=True).select_related("device")
        row = waiting.filter(pk=push_id, state=Push.State.WAITING, next_at__lte=clock.now()).first()
        if row is None:
            return
        row.next_at = _allowed_at(row)
        if row.next_at is None or row.next_at > row.ends_at:
            row.state, row.next_at = Push.State.DROPPED, None
        elif row.next_at <= clock.now() and _send(row):
            return  # the device is gone, and the row with it
        row.save()


def _allowed_at(row: Push) -> datetime | None:
    """When this message may go; None when it was more than a few today."""
    now = clock.now()
    if row.kind == TRYING:
        return now
    if is_apart(settings.KOOR_HOME):  # the phones are those of the real house
        return now + HELD
    if row.kind == ALARM:
        return now
    wish = PushWish.objects.filter(owner_id=row.device.owner_id).first()
    if rest := rests_until(wish, now):
        return rest
    sent = Push.objects.filter(device=row.device, sent_at__gt=now - timedelta(days=1)).exclude(kind__in=(TRYING, ALARM))
    return None if sent.count() >= MOST_A_DAY else now


def _send(row: Push) -> bool:
    """Whether the device turned out to be gone."""
    device, row.attempts = row.device, row.attempts + 1
    status, problem = _put(row)
    if status in GONE:
        device.delete()
        return True
    now = clock.now()
    if not problem:
        row.state, row.sent_at, row.next_at = Push.State.SENT, now, None
    elif row.attempts >= TRIES or (400 <= status < 500 and status != 429):
        row.state, row.next_at = Push.State.DROPPED, None
    else:
        row.next_at = now + timedelta(minutes=STEPS[min(row.attempts, len(STEPS)) - 1])
    device.problem = problem
    device.save(update_fields=["problem"])
    return False


def _put(row: Push) -> tuple[int, str]:
    """Hand it to the service of the browser: its answer, and what went wrong. Twice is seen once: it has a tag."""
    device, now = row.device, clock.now()
    said = {"title": row.title, "text": row.text, "url": row.url, "tag": f"{row.kind}-{secrets.digest(row.key)[:12]}"}
    body = webpush.encrypted(json.dumps(said, ensure_ascii=False).encode(), p256dh=device.p256dh, auth=device.auth)
    until = int(now.timestamp()) + 3600
    headers = {
        "TTL": str(max(0, int((row.ends_at - now).total_seconds()))),
        "Urgency": "high" if row.kind in URGENT else "normal",
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "Authorization": webpush.authorization(device.endpoint, private=house_key(), contact=_contact(), until=until),
    }
    try:
        door = Door(max_bytes=MOST_ANSWER)
        answer = door.request("POST", device.endpoint, headers=headers, content=body, timeout=SECONDS)
    except (NotSent, Unclear) as error:
        return 0, str(error)[:300]
    return answer.status, "" if 200 <= answer.status < 300 else f"{answer.status} {answer.text[:200]}"[:300]


URGENT = {"waits", ALARM, TRYING}  # somebody outside waits, or the colleague looks at the phone


def _contact() -> str:
    """Whom a push service may ask when something is wrong."""
    return settings.KOOR_URL if settings.HTTPS else f"mailto:koor@{settings.HOST}"


@jobs.task("kernel.send_push", queue="mail")
def send_push(push: int) -> None:
    deliver(push)


@jobs.every("* * * * *", "kernel.sweep_push", queue="mail")
def sweep_push(timestamp: int) -> None:
    """Messages whose next moment has come; old ones are deleted."""
    due = Push.objects.filter(state=Push.State.WAITING, next_at__lte=clock.now()).order_by("next_at")
    for pk in due.values_list("pk", flat=True)[:100]:
        deliver(pk)
    Push.objects.filter(made_at__lt=clock.now() - KEPT).exclude(state=Push.State.WAITING).delete()
