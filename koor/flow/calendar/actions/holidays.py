"""Days off: which school holidays count, and lists from a file or an address."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.calendar import access
from koor.flow.calendar.choices import Region
from koor.flow.calendar.logic import ics
from koor.flow.calendar.models import Holiday, HolidayList, Planning
from koor.flow.hub.logic import UNDO_DAYS
from koor.ground.people.access import Colleague, is_system
from koor.ground.people.queries import house, today
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM, Refused, System, require
from koor.kernel.http import Door, NotSent, TooLarge, Unclear
from koor.kernel.http import Refused as NotCalled
from koor.kernel.once import once as only_once

MOST_LISTS = 30
BACK, AHEAD = timedelta(days=60), timedelta(days=3 * 366)
AGAIN = timedelta(days=1)
SECONDS = 20.0
BACK_FOR = timedelta(days=UNDO_DAYS)


@transaction.atomic
def choose_region(*, by: Colleague, region: str) -> None:
    """The region whose school holidays the calendar shows; empty is all of them."""
    require(access.may_plan(by))
    if region and region not in Region.values:
        raise ValueError(region)
    planning, new = Planning.objects.select_for_update().get_or_create(pk=1, defaults={"region": region})
    if new or planning.region != region:
        planning.region = region
        planning.save(update_fields=["region"])
        audit.record(by=by, verb="calendar.choose_region", target=planning)


def add_holidays(*, by: Colleague, name: str, url: str = "", data: bytes | None = None, once: str = "") -> HolidayList:
    """Bring in holidays from a file, or from an address that is read again every day. Refused in words."""
    require(access.may_plan(by))
    if not url and data is None:
        raise Refused(_("Choose a file, or give an address."), code="nothing", field="file")
    field = "file" if data is not None else "url"
    found = _read(_fetched(url) if data is None else data, field)

    def make() -> HolidayList:
        _check_room()
        made = HolidayList.objects.create(
            name=name, url=url if data is None else "", by_id=by.pk, made_at=clock.now(), read_at=clock.now()
        )
        _keep(made, found)
        audit.record(by=by, verb="calendar.add_holidays", target=made, days=len(found))
        return made

    with transaction.atomic():
        pk, _new = only_once(f"calendar.add_holidays:{by.pk}", once, {"name": name, "url": url}, make)
    return HolidayList.objects.get(pk=pk)


def _check_room() -> None:
    if HolidayList.objects.filter(removed_at=None).count() >= MOST_LISTS:
        said = _("There are %(most)s lists already. Take one away first.")
        raise Refused(said % {"most": MOST_LISTS}, code="many")


def _fetched(url: str) -> bytes:
    try:
        answer = Door(plain_reads=True, max_bytes=ics.MOST_BYTES).request(
            "GET", url, headers={"accept": "text/calendar"}, timeout=SECONDS
        )
    except TooLarge:
        raise Refused(_sentence(ics.LARGE), code=ics.LARGE, field="url") from None
    except NotCalled:
        said = _("Koor calls only addresses that everybody can reach. An administrator can allow others.")
        raise Refused(said, code="not_called", field="url") from None
    except (NotSent, Unclear):
        said = _("This address gives no answer. Look whether it is right, and try again.")
        raise Refused(said, code="no_answer", field="url") from None
    if answer.status != 200:
        said = _("This address answers with %(status)s instead of a calendar.") % {"status": answer.status}
        raise Refused(said, code="status", field="url")
    return answer.content


def _read(data: bytes, field: str) -> list[ics.Found]:
    day = today()
    try:
        return ics.read(data, house().zone, day - BACK, day + AHEAD)
    except ics.Unreadable as error:
        raise Refused(_sentence(str(error)), code=str(error), field=field) from None


def _sentence(code: str) -> str:
    sentences = {
        ics.HTML: _("This is a web page, not a calendar. Look there for a link that ends in .ics, or says iCal."),
        ics.BROKEN: _("This is no iCal file, or it is broken. Nothing was taken from it."),
        ics.LARGE: _("This calendar is larger than %(most)s MB.") % {"most": ics.MOST_BYTES // 1_000_000},
        ics.MANY: _("There are more than %(most)s events in it; that is no list of holidays.")
        % {"most": ics.MOST_EVENTS},
        ics.EMPTY: _("There is nothing in this file."),
    }
    return sentences[code]


def _keep(row: HolidayList, found: list[ics.Found]) -> None:
    """What stands in it now, and nothing that stood there before."""
    row.holidays.all().delete()
    Holiday.objects.bulk_create(
        [Holiday(list=row, name=one.name, first_day=one.first, last_day=one.last) for one in found],
        ignore_conflicts=True,
    )


def read_again(*, by: Colleague, holidays: HolidayList) -> bool:
    """Read an address again. When that fails what was there stays, and the list says why. Whether it went well."""
    require(isinstance(by, System) or access.may_plan(by))
    try:
        found = _read(_fetched(holidays.url), "url")
    except Refused as refused:
        HolidayList.objects.filter(pk=holidays.pk).update(trouble=str(refused)[:300], read_at=clock.now())
        return False
    with transaction.atomic():
        row = HolidayList.objects.select_for_update().get(pk=holidays.pk)
        _keep(row, found)
        row.trouble, row.read_at = "", clock.now()
        row.save(update_fields=["trouble", "read_at"])
    return True


def read_all_again() -> int:
    """Every address that was not read for a day."""
    standing = HolidayList.objects.filter(removed_at=None).exclude(url="")
    due = standing.filter(read_at__lt=clock.now() - AGAIN).order_by("read_at")[:MOST_LISTS]
    return sum(read_again(by=SYSTEM, holidays=row) for row in due)


@transaction.atomic
def remove_holidays(*, by: Colleague, holidays: HolidayList) -> None:
    """Take a list away; it can come back for some days, as it was."""
    require(access.may_plan(by))
    if HolidayList.objects.filter(pk=holidays.pk, removed_at=None).update(removed_at=clock.now()):
        audit.record(by=by, verb="calendar.remove_holidays", target=holidays)


@transaction.atomic
def restore_holidays(*, by: Colleague, holidays: HolidayList) -> None:
    require(access.may_plan(by))
    found = HolidayList.objects.select_for_update().filter(pk=holidays.pk, removed_at__isnull=False)
    if found.exists():
        _check_room()
        found.update(removed_at=None)
        audit.record(by=by, verb="calendar.restore_holidays", target=holidays)


@transaction.atomic
def erase_removed_holidays(*, by: Colleague) -> int:
    """What was taken away longer ago than can be undone goes for good; how many."""
    require(is_system(by))
    old = list(HolidayList.objects.select_for_update().filter(removed_at__lt=clock.now() - BACK_FOR))
    for row in old:
        audit.record(by=by, verb="calendar.erase_holidays", target=row)
        row.delete()
    return len(old)
