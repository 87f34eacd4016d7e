"""The house itself and its islands."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.ground.people import logic
from koor.ground.people.access import Colleague, may_change_house, may_manage_people
from koor.ground.people.events import HoursChanged
from koor.ground.people.models import Discipline, House
from koor.kernel import audit, clock, events, files, memory
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.identity import identity as identity_of
from koor.kernel.locks import until_committed
from koor.kernel.models import StoredFile

HOURS = frozenset({"opens", "closes", "zone", "country"})  # with its country come the days on which nobody works
LATEST = 48  # hours that a post may still go by itself
FASTEST = 10_000  # posts of one account in ten minutes
LONGEST_REST = 3650  # days
MOST_A_WEEK = 10  # offers or questions
HOUSE_FIELDS = (  # in the order of the form
    *("name", "place", "what", "language", "country", "zone", "opens", "closes", "allowed_late", "brake"),
    *("offers_a_week", "questions_a_week", "evergreen_rest", "unblurred_days", "tells_works_here", "works_here"),
)


@transaction.atomic
def make_house(
    *,
    by: Colleague = SYSTEM,
    name: str,
    place: str = "",
    what: str = "",
    zone: str = "Europe/Amsterdam",
    country: str = "NL",
    language: str = "nl",
    identity: uuid.UUID | None = None,
    demo: bool = False,
) -> House:
    """Write down our organisation, once. Its identity is that of this installation, `KOOR_HOME/house`."""
    require(may_change_house(by))
    until_committed("people.make_house")  # pressed twice, the second finds the first
    if House.objects.exists():
        raise Refused(_("This house has a name already."), code="house_exists")
    if not logic.one_line(name):
        raise Refused(_("The organisation needs a name."), code="no_name", field="name")
    _check_house({"zone": zone, "language": language})
    house = House.objects.create(
        pk=1,
        name=logic.one_line(name)[:120],
        place=logic.one_line(place)[:120],
        what=logic.one_line(what)[:200],
        zone=zone,
        country=country[:2].upper(),
        language=language,
        identity=identity or identity_of(settings.KOOR_HOME),
        demo=demo,
        made_at=clock.now(),
    )
    memory.forget()
    audit.record(by=by, verb="people.make_house", target=house)
    return house


@transaction.atomic
def change_house(*, by: Colleague, house: House, **changes: Any) -> House:
    """Change name, place, sentence, zone, country, language, office hours or how late a post may go."""
    require(may_change_house(by), _("Only an administrator changes these."))
    unknown = set(changes) - set(HOUSE_FIELDS)
    if unknown:
        raise ValueError(f"no such field: {sorted(unknown)}")
    _check_house(changes)
    changed = {key: value for key, value in changes.items() if getattr(house, key) != value}
    if not changed:
        return house
    for key, value in changed.items():
        setattr(house, key, value)
    if house.opens >= house.closes:
        raise Refused(_("The office opens before it closes."), code="hours", field="opens")
    house.save(update_fields=list(changed))
    memory.forget()
    audit.record(by=by, verb="people.change_house", target=house, changed=sorted(changed))
    if HOURS & set(changed):
        events.tell(HoursChanged(house.pk))
    return house


@transaction.atomic
def set_logo(*, by: Colleague, logo: StoredFile | None) -> House:
    """The sign of the house on its public pages, cleaned by whoever hands it over; None takes it away. The earlier one
    is deleted."""
    require(may_change_house(by), _("Only an administrator changes these."))
    house = House.objects.select_for_update(of=("self",)).select_related("logo").get()
    earlier = house.logo
    if earlier == logo:
        return house
    house.logo, house.logo_handle = logo, logo.handle if logo else ""
    house.save(update_fields=["logo", "logo_handle"])
    if earlier is not None:
        files.forget(earlier)
    memory.forget()
    audit.record(by=by, verb="people.set_logo", target=house, taken_away=logo is None)
    return house


def _check_house(changes: dict[str, Any]) -> None:
    if "zone" in changes and (changes["zone"] not in available_timezones() or not ZoneInfo(changes["zone"])):
        raise Refused(_("That time zone is not known."), code="zone", field="zone")
    if "language" in changes and changes["language"] not in dict(settings.LANGUAGES):
        raise Refused(_("Koor does not speak that language yet."), code="language", field="language")
    if not 1 <= changes.get("allowed_late", 1) <= LATEST:
        raise Refused(_("Between one hour and two days."), code="late", field="allowed_late")
    if not 1 <= changes.get("brake", 1) <= FASTEST:
        raise Refused(_("Between 1 and %(most)s.") % {"most": FASTEST}, code="brake", field="brake")
    if not 0 <= changes.get("evergreen_rest", 0) <= LONGEST_REST:
        raise Refused(_("At most %(most)s days.") % {"most": LONGEST_REST}, code="rest", field="evergreen_rest")
    for name in ("offers_a_week", "questions_a_week"):
        if not 0 <= changes.get(name, 0) <= MOST_A_WEEK:
            raise Refused(_("At most %(most)s a week.") % {"most": MOST_A_WEEK}, code="too_many", field=name)


def discipline_named(name: str) -> Discipline:
    """The discipline of this name, made when it is new. Part of a deed that is checked and recorded by its caller."""
    name = logic.one_line(name)[:80]
    found = Discipline.objects.filter(name__iexact=name).first()
    return found or _new_discipline(name)


def _new_discipline(name: str) -> Discipline:
    slug = logic.slug(name) or "d"
    taken = set(Discipline.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    free = next(s for s in (slug, *(f"{slug}-{n}" for n in range(2, 10_000))) if s not in taken)
    return Discipline.objects.create(name=name, slug=free)


@transaction.atomic
def add_discipline(*, by: Colleague, name: str) -> Discipline:
    require(may_manage_people(by))
    name = _discipline_name(name)
    try:
        with transaction.atomic():
            discipline = _new_discipline(name)
    except IntegrityError:
        raise Refused(_("That discipline is there already."), code="exists", field="name") from None
    audit.record(by=by, verb="people.add_discipline", target=discipline)
    return discipline


@transaction.atomic
def rename_discipline(*, by: Colleague, discipline: Discipline, name: str) -> Discipline:
    """Another name; its address stays."""
    require(may_manage_people(by))
    was, name = discipline.name, _discipline_name(name, but=discipline)
    if was == name:
        return discipline
    discipline.name = name
    discipline.save(update_fields=["name"])
    audit.record(by=by, verb="people.rename_discipline", target=discipline, was=was)
    return discipline


def _discipline_name(name: str, but: Discipline | None = None) -> str:
    name = logic.one_line(name)
    if not name or len(name) > 80:
        raise Refused(_("A discipline has a name of at most 80 characters."), code="name", field="name")
    same = Discipline.objects.filter(name__iexact=name)
    if same.exclude(pk=but.pk).exists() if but else same.exists():
        raise Refused(_("That discipline is there already."), code="exists", field="name")
    return name


@transaction.atomic
def remove_discipline(*, by: Colleague, discipline: Discipline) -> None:
    """Only an empty one goes."""
    require(may_manage_people(by))
    if discipline.people.exists():
        raise Refused(_("There are still colleagues in it. Move them first."), code="not_empty")
    audit.record(by=by, verb="people.remove_discipline", target=discipline)
    discipline.delete()
